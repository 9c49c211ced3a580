import FileSupport
import Foundation
import Images
import NeuralNetworks
import Tensors
import Testing
import VisualEncoder

/// The network that is trained, beside the plan that serves, and on images that come again.
@Suite struct NetworkTests {
  private static let side = 64
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func configuration(
    _ attention: Attention, _ architecture: Architecture = .resnet18half
  ) -> EncoderConfiguration {
    EncoderConfiguration(
      architecture: architecture, attention: attention,
      categories: attention == .category ? ["a", "b", "c"] : [],
      preprocessing: Preprocessing(resize: Self.side, crop: Self.side))
  }

  /// Formula images as the network wants them: [count, 3, side, side].
  private func images(_ count: Int) -> Tensor {
    let normalization = Preprocessing().normalization
    let values = (0..<count).flatMap { index in
      let pixels = Golden.image(index, side: Self.side)
      return (0..<3).flatMap { channel in
        stride(from: channel, to: pixels.count, by: 3).map { place in
          let value = Double(pixels[place]) / 255 - normalization.mean[channel]
          return Scalar(value / normalization.standardDeviation[channel])
        }
      }
    }
    return Tensor(values, shape: [count, 3, Self.side, Self.side])
  }

  private func rows(_ features: Tensor) -> [[Float]] {
    let width = features.shape[1]
    return (0..<features.shape[0]).map {
      features.scalars[$0 * width..<($0 + 1) * width].map { Float($0) }
    }
  }

  @Test(arguments: [
    (Architecture.resnet18half, Attention.none), (.resnet18half, .cbam), (.resnet18half, .category),
    (.resnet18, .category), (.resnet50, .cbam),
  ])
  func inferenceIsThatOfThePlan(_ architecture: Architecture, _ attention: Attention) throws {
    let bundle = try ReferenceWeights.bundle(configuration(attention, architecture))
    let network = EncoderNetwork(bundle.configuration, weights: bundle.weights)
    let categories: [Int32] = attention == .category ? [1, 0, 3] : [0, 0, 0]
    let trained = network(images(3), categoryRows: categories, .inference())
    let served = InferenceWorkspace(InferencePlan(bundle, batch: 3)).features(
      (0..<3).map { Golden.image($0, side: Self.side) }, rows: categories.map(Int.init))
    let error = relativeError(rows(trained), served)
    // Random gates on 50 layers amplify rounding; see ForwardTests.
    #expect(error < (architecture == .resnet50 ? 5e-4 : 1e-4), "\(error)")
  }

  @Test func anImageThatComesAgainIsTheSameAsItself() throws {
    let configuration = configuration(.category)
    let weights = try ReferenceWeights.bundle(configuration).weights
    let network = EncoderNetwork(configuration, weights: weights, batchNorm: .frozen)
    let index: [Int32] = [0, 2, 1, 2, 2, 0]
    let categories: [Int32] = [1, 0, 3]
    let images = images(3)
    let shares = drawn("shares", [index.count, configuration.featureWidth], within: 1)

    func run(_ features: (Pass) -> Tensor) -> (features: Tensor, gradients: Gradients) {
      let pass = Pass.training(seed: 1)
      let output = features(pass)
      let gradients = pass.gradients(of: (output * shares).sum())
      return (output.detached, gradients)
    }
    let once = run { network(images, categoryRows: categories, $0).gatherRows(index) }
    let naive = run {
      network(
        images.gatherRows(index), categoryRows: index.map { categories[Int($0)] }, $0)
    }
    let error = relativeError(rows(once.features), rows(naive.features))
    // The library adds up in another order for another number of images: a few units of rounding.
    #expect(error < 4e-6, "\(error)")
    for entry in ParameterList(network).entries where entry.parameter.trainable {
      let error = relativeError(
        [once.gradients.dense(entry.parameter).scalars.map { Float($0) }],
        [naive.gradients.dense(entry.parameter).scalars.map { Float($0) }])
      #expect(error < 4e-5, "\(entry.name): \(error)")
    }
  }

  @Test func frozenStatisticsStayAndOthersFollow() throws {
    let configuration = configuration(.cbam)
    let weights = try ReferenceWeights.bundle(configuration).weights
    for mode in BatchNormMode.allCases {
      let network = EncoderNetwork(configuration, weights: weights, batchNorm: mode)
      step(network)
      for (name, tensor) in network.encoderWeights().tensors where name.contains(".running_") {
        #expect((tensor == weights.tensors[name]) == (mode == .frozen), "\(name)")
      }
    }
  }

  @Test func trainedWeightsComeBackFromABundle() throws {
    let configuration = configuration(.category)
    let network = EncoderNetwork(
      configuration, weights: try ReferenceWeights.bundle(configuration).weights)
    step(network)
    let trained = network.encoderWeights()
    let path = folder("encoder")
    try EncoderBundle.create(at: path, configuration: configuration, weights: trained)
    let bundle = try EncoderBundle.load(path)
    #expect(bundle.weights.tensors == trained.tensors)
    let again = EncoderNetwork(bundle.configuration, weights: bundle.weights)
    let (images, categories): (Tensor, [Int32]) = (images(2), [0, 2])
    #expect(
      again(images, categoryRows: categories, .inference()).scalars
        == network(images, categoryRows: categories, .inference()).scalars)
  }

  /// Products of `bfloat16` have 8 bits each, so gradients keep their direction and no more.
  @Test func gradientsOfBrainFloatsPointTheSameWay() throws {
    let configuration = configuration(.cbam)
    let weights = try ReferenceWeights.bundle(configuration).weights
    func gradients(_ arithmetic: TrainingArithmetic) -> [(name: String, values: [Scalar])] {
      let network = EncoderNetwork(
        configuration, weights: weights, batchNorm: .frozen, arithmetic: arithmetic)
      let pass = Pass.training(seed: 1)
      let features = network(images(4), categoryRows: [], pass)
      let found = pass.gradients(of: (features * features).mean())
      return ParameterList(network).entries.filter { $0.name.hasSuffix(".conv2.weight") }
        .map { ($0.name, found.dense($0.parameter).scalars) }
    }
    for (exact, rough) in zip(gradients(.float32), gradients(.bfloat16)) {
      func dot(_ a: [Scalar], _ b: [Scalar]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let cosine =
        dot(exact.values, rough.values)
        / (dot(exact.values, exact.values) * dot(rough.values, rough.values)).squareRoot()
      #expect(cosine > 0.98, "\(exact.name): \(cosine)")
    }
  }

  /// One step of SGD on the squares of all features.
  private func step(_ network: EncoderNetwork) {
    let pass = Pass.training(seed: 1)
    let features = network(images(4), categoryRows: [0, 1, 2, 1], pass)
    let gradients = pass.gradients(of: (features * features).mean())
    SGD([ParameterGroup(parameters: ParameterList(network).trainable)], learningRate: 0.01)
      .step(gradients)
    pass.applyObservations()
  }
}
