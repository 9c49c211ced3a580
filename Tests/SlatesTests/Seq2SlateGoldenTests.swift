import NeuralNetworks
import Slates
import Tensors
import Testing

/// Against `tools/reference/slates.py`, which computes list by list without padding.
@Suite struct Seq2SlateGoldenTests {
  let golden: Seq2SlateGolden
  let model: Seq2Slate
  let lists: [SlateList]

  init() throws {
    golden = try .load()
    model = try golden.model()
    lists = try golden.slateLists()
  }

  @Test func featuresAndEncodings() throws {
    let batch = try SlateBatch(lists, model.features)
    let encoded = model.encode(batch, .inference())
    for (b, list) in lists.enumerated() {
      let rows = (0..<list.count).map { Int32($0 * lists.count + b) }
      #expect(
        largestDifference(encoded.inputs.gatherRows(rows).scalars, golden.inputs[b].values)
          < 1e-5)
      #expect(
        largestDifference(encoded.encodings.gatherRows(rows).scalars, golden.encodings[b].values)
          < 1e-5)
    }
  }

  @Test(arguments: [
    "teacher", "shuffled", "short", "hinge", "hinge, shuffled", "weighted", "hinge, weighted",
  ])
  func logProbabilitiesLossAndGradients(_ name: String) throws {
    let expected = try #require(golden.cases[name])
    let batch = try SlateBatch(lists, model.features)
    let inference = Pass.inference()
    var steps = 0
    model.decode(model.encode(batch, inference), batch, steps: expected.steps, inference) {
      step in
      steps += 1
      let found = logSoftmax(step.scores, mask: step.mask).scalars
      for (b, list) in lists.enumerated() where step.number < list.count {
        for (i, value) in expected.logProbabilities[b][step.number].enumerated() {
          let own = Double(found[b * batch.steps + i])
          if let value { #expect(abs(own - value) < 1e-5) } else { #expect(own == -.infinity) }
        }
      }
      return expected.orders.map { step.number < $0.count ? $0[step.number] : 0 }
    }
    #expect(steps == expected.steps)

    let isTaught = name == "teacher" || name == "hinge"
    let prefix: DecoderPrefix = isTaught ? .teacher : .fixed(expected.orders)
    var loss = Seq2SlateLoss(
      steps: expected.steps, kind: name.hasPrefix("hinge") ? .hinge : .crossEntropy)
    if name.hasSuffix("weighted") {
      var propensity = ClickPropensity()
      (propensity.eta, propensity.clip) = (1.5, 4)
      loss.propensity = propensity
    }
    let pass = Pass.training(seed: 1)
    let value = loss(model, batch, prefix, pass)
    #expect(abs(Double(value.item()) - expected.loss) < 1e-5)
    let gradients = pass.gradients(of: value)
    for entry in ParameterList(model).entries {
      let values = try #require(expected.gradients[entry.name]).values
      let difference = largestDifference(gradients.dense(entry.parameter).scalars, values)
      // Relative to the parameter's own gradients, many of which are far below 1.
      let scale = try #require(values.map(abs).max())
      #expect(scale > 0 && difference <= 1e-5 * scale, "\(entry.name): \(difference / scale)")
    }
  }

  @Test func greedyOrders() throws {
    let decoder = Seq2SlateDecoder(model)
    for (list, order) in zip(lists, golden.greedy) {
      #expect(try decoder.decode(list) == order)
    }
  }

  @Test func tenStepsOfAdam() throws {
    let parameters = ParameterList(model).trainable
    let optimizer = Adam(parameters, learningRate: Scalar(golden.training.learningRate))
    let batch = try SlateBatch(lists, model.features)
    for expected in golden.training.losses {
      let pass = Pass.training(seed: 1)
      let loss = Seq2SlateLoss(steps: 6)(model, batch, .teacher, pass)
      #expect(abs(Double(loss.item()) - expected) < 1e-4)
      var gradients = pass.gradients(of: loss)
      let norm = gradients.norm(of: parameters)
      if norm > golden.training.clip {
        gradients.scale(by: Scalar(golden.training.clip / norm))
      }
      optimizer.step(gradients)
    }
  }
}
