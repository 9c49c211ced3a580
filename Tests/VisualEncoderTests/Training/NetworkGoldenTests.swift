import Images
import NeuralNetworks
import Tensors
import Testing
import VisualEncoder

/// Training against PyTorch in double precision, from `tools/reference/training.py`.
@Suite struct NetworkGoldenTests {
  enum Sample: String, CaseIterable, Sendable {
    case cbam = "block-cbam"
    case category = "block-category"
    case encoder = "resnet18half-category"
  }

  private static func golden(_ sample: Sample) throws -> TrainingGolden {
    try TrainingGolden(sample.rawValue, isCondensed: sample == .encoder)
  }

  private static func network(_ sample: Sample) throws -> TrainingCase {
    let rows: [Int32] = [2, 0, 3, 2]
    var configuration = EncoderConfiguration(
      architecture: .resnet18half, attention: .category, categories: ["a", "b", "c"],
      preprocessing: Preprocessing(resize: 64, crop: 64))
    switch sample {
    case .encoder:
      let network = EncoderNetwork(
        configuration, weights: try ReferenceWeights.bundle(configuration).weights)
      return TrainingCase(network, prefix: "", input: [4, 3, 64, 64]) { images, pass in
        network(images, categoryRows: rows, pass)
      }
    case .category:
      return block(configuration, input: [4, 16, 9, 9], side: 5, rows: rows)
    case .cbam:
      configuration.attention = .cbam
      configuration.categories = []
      return block(configuration, input: [3, 16, 8, 8], side: 4, rows: [])
    }
  }

  private static func block(
    _ configuration: EncoderConfiguration, input: [Int], side: Int, rows: [Int32]
  ) -> TrainingCase {
    let unit = ResidualUnit(inputs: 16, outputs: 32, stride: 2, side: side, configuration)
    return TrainingCase(unit, prefix: "block.", input: input) { maps, pass in
      unit(FeatureMaps(maps), categoryRows: rows, pass).plain
    }
  }

  @Test(arguments: Sample.allCases)
  func forwardAndGradients(_ sample: Sample) throws {
    let (golden, network) = (try Self.golden(sample), try Self.network(sample))
    let result = network.run()
    let forward = golden.error("output", result.output)
    #expect(forward < 1e-5, "\(forward)")
    #expect(abs(result.loss / golden.losses[0] - 1) < 1e-5)

    let trainable = network.parameters.entries.filter(\.parameter.trainable)
    #expect(golden.names("gradient") == Set(trainable.map(\.name) + ["input"]))
    for (name, parameter) in trainable.map({ ($0.name, $0.parameter) }) + [
      ("input", network.input)
    ] {
      let error = golden.error("gradient.\(name)", result.gradients.dense(parameter))
      #expect(error < 1e-4, "\(name): \(error)")
    }
  }

  @Test(arguments: Sample.allCases)
  func threeSteps(_ sample: Sample) throws {
    let (golden, network) = (try Self.golden(sample), try Self.network(sample))
    let losses = network.train()
    #expect(losses.count == golden.losses.count)
    for (actual, expected) in zip(losses, golden.losses) {
      #expect(abs(actual / expected - 1) < 1e-5, "\(actual) instead of \(expected)")
    }
    #expect(golden.names("after") == Set(network.parameters.entries.map(\.name)))
    for entry in network.parameters.entries {
      let error = golden.error("after.\(entry.name)", entry.parameter.value)
      #expect(error < 1e-4, "\(entry.name): \(error)")
    }
  }
}
