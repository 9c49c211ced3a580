import Images
import Tensors
import Testing
import VisualEncoder

/// What the gates promise whatever their weights.
@Suite struct GateTests {
  private static let side = 64
  private static let categories = ["a", "b", "c"]

  private func configuration(_ attention: Attention) -> EncoderConfiguration {
    EncoderConfiguration(
      architecture: .resnet18, attention: attention,
      categories: attention == .category ? Self.categories : [],
      preprocessing: Preprocessing(resize: 72, crop: Self.side))
  }

  private func features(
    _ attention: Attention, _ state: [String: StoredTensor], rows: [Int] = [0, 0]
  ) throws -> [[Float]] {
    let configuration = configuration(attention)
    let bundle = EncoderBundle(
      configuration: configuration,
      weights: try EncoderWeights(state, for: configuration, path: "test"))
    let images = rows.indices.map { Golden.image($0, side: Self.side) }
    return InferenceWorkspace(InferencePlan(bundle, batch: 2)).features(images, rows: rows)
  }

  @Test func zeroWeightsOnTheCodesReproduceTheGatesWithoutCategories() throws {
    let cbam = ReferenceWeights.state(configuration(.cbam))
    var category = ReferenceWeights.state(configuration(.category))
    for (name, tensor) in cbam { category[name] = tensor }
    for (name, shape) in EncoderWeights.required(configuration(.category))
    where cbam[name].map({ $0.shape != shape }) ?? false {
      category[name] = cbam[name]?.padded(to: shape)
    }
    let expected = try features(.cbam, cbam)
    for rows in [[0, 0], [1, 3], [2, 2]] {
      #expect(try features(.category, category, rows: rows) == expected)
    }
  }

  @Test func categoriesChangeFeaturesAndUnknownOnesShareARow() throws {
    let state = ReferenceWeights.state(configuration(.category))
    let one = try features(.category, state, rows: [1, 1])
    let two = try features(.category, state, rows: [2, 2])
    #expect(relativeError(one, two) > 1e-4)
    let bundle = try ReferenceWeights.bundle(configuration(.category))
    #expect(bundle.categoryRowsByName == ["a": 1, "b": 2, "c": 3])
  }

  /// Gates of zero weights are 0.5 each, so the residual path counts a quarter: the same as a plain
  /// network whose last normalisation has a quarter of its scale and shift.
  @Test func zeroWeightsScaleByAQuarter() throws {
    let plain = ReferenceWeights.state(configuration(.none))
    var gated = ReferenceWeights.state(configuration(.cbam))
    var quartered = plain
    for (name, tensor) in gated where name.contains(".gate.") {
      let value: Float = name.hasSuffix("running_var") ? 1 : 0
      gated[name] = StoredTensor(
        shape: tensor.shape, floats: [Float](repeating: value, count: tensor.count))
    }
    for (name, tensor) in plain
    where name.hasSuffix(".bn2.weight") || name.hasSuffix(".bn2.bias") {
      quartered[name] = StoredTensor(shape: tensor.shape, floats: tensor.floats.map { $0 / 4 })
    }
    let difference = relativeError(try features(.cbam, gated), try features(.none, quartered))
    // Both round once a layer, and how depends on the processor.
    #expect(difference < 5e-6, "\(difference)")
  }

  @Test func initializedGatesStartFromTheSameValues() throws {
    let plain = ReferenceWeights.state(configuration(.none))
    let once = try WeightImport(tensors: plain, for: configuration(.category), path: "x")
    let again = try WeightImport(tensors: plain, for: configuration(.category), path: "x")
    #expect(once.weights.tensors == again.weights.tensors)
    #expect(once.initialized.count == 8 * 11)
    let scale = once.weights.tensors["layer1.0.gate.spatial.bn.weight"]
    #expect(scale?.floats == [0])
    let codes = once.weights.tensors["layer3.1.gate.channel.code"]?.floats ?? []
    let deviation = (codes.reduce(0) { $0 + $1 * $1 } / Float(codes.count)).squareRoot()
    #expect(abs(deviation - 0.01) < 0.003)
  }
}
