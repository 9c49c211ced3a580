import Images
import NeuralNetworks
import Tensors
import Testing
import VisualEncoder

/// What the gates of a network in training promise, whatever their weights.
@Suite struct NetworkGateTests {
  private static let (channels, side) = (32, 7)

  private let maps = drawn("maps", [3, channels, side, side], within: 2)

  private func configuration(_ attention: Attention) -> EncoderConfiguration {
    EncoderConfiguration(
      architecture: .resnet18half, attention: attention,
      categories: attention == .category ? ["a", "b", "c"] : [])
  }

  private func gate(_ attention: Attention) -> AttentionGate {
    var random = RandomStream(seed: 3)
    let gate = AttentionGate(
      channels: Self.channels, side: Self.side, configuration(attention), isFrozen: false,
      random: &random)
    for entry in ParameterList(gate).entries {
      let shape = entry.parameter.value.shape.dimensions
      entry.parameter.value = ReferenceWeights.tensor(entry.name, shape).tensor
    }
    return gate
  }

  /// The category gate of the weights of CBAM's gate, and zeros that meet the codes.
  private func told(_ plain: AttentionGate) -> AttentionGate {
    let told = gate(.category)
    let known = ParameterList(plain).entries.map { ($0.name, $0.parameter.value) }
    let values = Dictionary(uniqueKeysWithValues: known)
    for entry in ParameterList(told).entries {
      guard let value = values[entry.name] else { continue }
      let shape = entry.parameter.value.shape.dimensions
      entry.parameter.value = StoredTensor(value).padded(to: shape).tensor
    }
    return told
  }

  private func run(
    _ gate: AttentionGate, rows: [Int32]
  ) -> (output: Tensor, gradients: Gradients) {
    let pass = Pass.training(seed: 1)
    let output = gate(FeatureMaps(maps), categoryRows: rows, pass).plain
    let loss = (output * drawn("weights", output.shape.dimensions, within: 1)).sum()
    return (output.detached, pass.gradients(of: loss))
  }

  @Test(arguments: [Attention.cbam, .category])
  func gatesAreWithinZeroAndOne(_ attention: Attention) {
    let output = run(gate(attention), rows: [1, 0, 3]).output
    let factors = zip(output.scalars, maps.scalars).map { $0 / $1 }
    #expect(factors.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test(arguments: [Attention.cbam, .category])
  func zeroWeightsScaleByAQuarter(_ attention: Attention) {
    let gate = gate(attention)
    for entry in ParameterList(gate).entries where entry.parameter.trainable {
      entry.parameter.value = Tensor(zeros: entry.parameter.value.shape)
    }
    #expect(run(gate, rows: [1, 0, 3]).output.scalars == maps.scalars.map { $0 / 4 })
  }

  @Test func zeroWeightsOnTheCodesReproduceTheGatesWithoutCategories() {
    let plain = gate(.cbam)
    let expected = run(plain, rows: [])
    let told = told(plain)
    let pairs = zip(
      ParameterList(plain).entries,
      ParameterList(told).entries.filter { !$0.name.hasSuffix("code") })
    for rows: [Int32] in [[0, 0, 0], [1, 3, 2]] {
      let actual = run(told, rows: rows)
      #expect(relativeError([actual.output.scalars], [expected.output.scalars]) < 1e-6)
      for (one, other) in pairs {
        let gradient = expected.gradients.dense(one.parameter)
        // Rows of the category's gate go on with what meets the codes.
        let found = actual.gradients.dense(other.parameter)
        let width = gradient.count / gradient.shape[0]
        let wide = found.count / found.shape[0]
        let shared = (0..<gradient.shape[0]).flatMap {
          found.scalars[$0 * wide..<$0 * wide + width]
        }
        let error = relativeError([shared], [gradient.scalars])
        #expect(error < 1e-5, "\(one.name): \(error)")
      }
    }
  }

  @Test func oneUpdateTellsTwoCategoriesApart() {
    let gate = told(gate(.cbam))
    func features(_ row: Int32) -> [Scalar] {
      gate(FeatureMaps(maps), categoryRows: [row, row, row], .inference()).plain.scalars
    }
    #expect(features(1) == features(2))
    SGD([ParameterGroup(parameters: ParameterList(gate).trainable)], learningRate: 0.1)
      .step(run(gate, rows: [1, 2, 1]).gradients)
    #expect(relativeError([features(1)], [features(2)]) > 1e-4)
  }

  @Test func codesOfAbsentCategoriesHaveNoGradient() {
    let gate = gate(.category)
    let gradients = run(gate, rows: [2, 0, 2]).gradients
    for entry in ParameterList(gate).entries where entry.name.hasSuffix("code") {
      let gradient = gradients.dense(entry.parameter)
      let width = gradient.count / 4
      for row in 0..<4 {
        let isZero = gradient.scalars[row * width..<(row + 1) * width].allSatisfy { $0 == 0 }
        #expect(isZero == [1, 3].contains(row), "\(entry.name), row \(row)")
      }
      guard case .rows = gradients[entry.parameter] else {
        Issue.record("\(entry.name) was given a dense gradient")
        continue
      }
    }
  }

  @Test func unknownCategoriesAreRowZero() {
    let gate = gate(.category)
    func features() -> [[Scalar]] {
      let output = gate(FeatureMaps(maps), categoryRows: [0, 1, 0], .inference()).plain.scalars
      let count = output.count / 3
      return (0..<3).map { Array(output[$0 * count..<($0 + 1) * count]) }
    }
    let before = features()
    for entry in ParameterList(gate).entries where entry.name.hasSuffix("code") {
      entry.parameter.update { value in
        let width = value.count / 4
        value.withMutableSpan { for index in 0..<width { $0[index] += 1 } }
      }
    }
    let after = features()
    #expect(before[1] == after[1])
    #expect(before[0] != after[0] && before[2] != after[2])
  }
}
