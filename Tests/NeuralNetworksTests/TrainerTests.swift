import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// The training loop on problems whose answer is known.
struct TrainerTests {
  /// Learns y = 2 x₀ - x₁ + 0.5.
  static func batches(_ epoch: Int) -> [(Tensor, Tensor)] {
    var random = RandomStream(seed: 9, stream: UInt64(epoch))
    return (0..<20).map { _ in
      let x = Tensor(uniform: 1, shape: [16, 2], random: &random)
      let y = x.slice(axis: 1, 0..<1) * 2 - x.slice(axis: 1, 1..<2) + 0.5
      return (x, y)
    }
  }

  static func layer() -> Linear {
    var random = RandomStream(seed: 1)
    return Linear(inputs: 2, outputs: 1, random: &random)
  }

  static func loss(_ layer: Linear, _ batch: (Tensor, Tensor), _ pass: Pass) -> Tensor {
    (layer(batch.0, pass) - batch.1).square().mean()
  }

  static func score(_ layer: Linear) -> Double {
    -batches(1000).reduce(0) { $0 + Double(loss(layer, $1, .inference()).item()) }
  }

  @Test(arguments: ["adam", "adagrad"])
  func findsTheSolution(optimizerName: String) throws {
    let layer = Self.layer()
    let parameters = ParameterList(layer).trainable
    let optimizer: any Optimizer =
      optimizerName == "adam"
      ? Adam(parameters, learningRate: 0.05) : Adagrad(parameters, learningRate: 0.5)
    let record = try Trainer(epochs: 40, patience: 40).fit(
      layer, optimizer: optimizer, batches: Self.batches,
      loss: { Self.loss(layer, $0, $1) }, validate: { Self.score(layer) })
    #expect(record.epochs.count == 40)
    let weights = layer.weight.value.scalars + (layer.bias?.value.scalars ?? [])
    for (found, expected) in zip(weights, [Scalar(2), -1, 0.5]) {
      #expect(abs(found - expected) < 2e-3)
    }
  }

  @Test func sameSeedSameBits() throws {
    func weights() throws -> [Scalar] {
      var random = RandomStream(seed: 1)
      let model = MultilayerPerceptron(
        inputs: 2, hidden: [8], outputs: 1, dropout: 0.2, random: &random)
      try Trainer(epochs: 3, seed: 5).fit(
        model, optimizer: Adam(ParameterList(model).trainable), batches: Self.batches,
        loss: { (model($0.0, $1) - $0.1).square().mean() }, validate: { 0 })
      return ParameterList(model).entries.flatMap { $0.parameter.value.scalars }
    }
    #expect(try weights() == weights())
  }

  @Test func stopsEarlyAndKeepsTheBestEpoch() throws {
    let layer = Self.layer()
    var scores = [1.0, 3.0, 2.0, 2.5, 9.0][...]
    var seen: [[Scalar]] = []
    let record = try Trainer(epochs: 10, patience: 2).fit(
      layer, optimizer: Adam(ParameterList(layer).trainable), batches: Self.batches,
      loss: { Self.loss(layer, $0, $1) },
      validate: {
        seen.append(layer.weight.value.scalars)
        return scores.removeFirst()
      })
    #expect(record.epochs.count == 4 && record.best?.epoch == 2)
    #expect(layer.weight.value.scalars == seen[1])
  }

  @Test func aPoisonedBatchStopsTrainingAndNamesIt() throws {
    let layer = Self.layer()
    let before = layer.weight.value.scalars
    #expect {
      try Trainer(epochs: 2).fit(
        layer, optimizer: Adam(ParameterList(layer).trainable),
        batches: { _ in Self.batches(1).enumerated().map { ($0, $1) } },
        loss: { batch, pass in
          let value = Self.loss(layer, batch.1, pass)
          return batch.0 == 3 ? value * .nan : value
        }, validate: { 0 })
    } throws: { error in
      "\(error)".contains("epoch 1, batch 3") && "\(error)".contains("learning_rate")
    }
    #expect(layer.weight.value.scalars == before)
  }

  @Test func aCancelledTaskStopsWithinABatchAtItsBestEpoch() async {
    let task = Task {
      let layer = Self.layer()
      var (epochs, steps) = (0, 0)
      var best: [Scalar] = []
      #expect(throws: CancellationError.self) {
        try Trainer(epochs: 9).fit(
          layer, optimizer: Adam(ParameterList(layer).trainable, learningRate: 0.05),
          batches: Self.batches,
          loss: { batch, pass in
            steps += 1
            if steps == 25 { withUnsafeCurrentTask { $0?.cancel() } }
            return Self.loss(layer, batch, pass)
          },
          validate: {
            best = layer.weight.value.scalars
            return Self.score(layer)
          },
          report: { _ in epochs += 1 })
      }
      #expect(epochs == 1 && steps == 25)
      #expect(layer.weight.value.scalars == best)
    }
    await task.value
  }

  @Test func noBatchesIsAnError() {
    let layer = Self.layer()
    #expect(throws: TrainingError.self) {
      try Trainer(epochs: 1).fit(
        layer, optimizer: Adam(ParameterList(layer).trainable),
        batches: { _ in [(Tensor, Tensor)]() }, loss: { Self.loss(layer, $0, $1) },
        validate: { 0 })
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func aScoreThatIsNoNumberStopsTraining(score: Double) throws {
    let layer = Self.layer()
    var scores = [1, score][...]
    var best: [Scalar] = []
    #expect {
      try Trainer(epochs: 5).fit(
        layer, optimizer: Adam(ParameterList(layer).trainable), batches: Self.batches,
        loss: { Self.loss(layer, $0, $1) },
        validate: {
          if scores.count == 2 { best = layer.weight.value.scalars }
          return scores.popFirst() ?? 0
        })
    } throws: { error in
      "\(error)".contains("epoch 2") && "\(error)".contains("validation score is not finite")
    }
    #expect(layer.weight.value.scalars == best)
  }
}
