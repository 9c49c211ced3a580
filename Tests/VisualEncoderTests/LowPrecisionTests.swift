import FileSupport
import Foundation
import Images
import Tensors
import Testing
import VisualEncoder

/// Plans of `bf16` and `int8` against the same encoder in single precision.
@Suite struct LowPrecisionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let architecture: Architecture
    var attention = Attention.none
    /// The least mean cosine, without the mean feature.
    let bf16: Double
    let int8: Double
    var testDescription: String { "\(architecture) \(attention)" }
  }

  private static let side = 96

  private func bundle(_ sample: Case) throws -> EncoderBundle {
    var configuration = EncoderConfiguration(
      architecture: sample.architecture, attention: sample.attention,
      categories: sample.attention == .category ? ["a", "b"] : [])
    configuration.preprocessing = Preprocessing(resize: 112, crop: Self.side)
    return try ReferenceWeights.bundle(configuration)
  }

  /// Pictures with edges and gradients of many sizes.
  private static let images: [[UInt8]] = (0..<24).map { Golden.image(5 * $0, side: side) }
  private static let rows = [Int](repeating: 0, count: images.count)

  private func quantized(_ bundle: EncoderBundle) -> EncoderBundle {
    let calibrations = Calibrator(bundle).calibrate(
      Array(Self.images.prefix(12)), rows: Array(Self.rows.prefix(12)))
    return EncoderBundle(
      configuration: bundle.configuration, weights: bundle.weights,
      calibration: calibrations[.mse])
  }

  private func features(
    _ bundle: EncoderBundle, _ precision: EncoderConfiguration.Precision, batch: Int = 4
  ) -> [[Float]] {
    InferenceWorkspace(InferencePlan(bundle, precision: precision, batch: batch)).features(
      Self.images, rows: Self.rows)
  }

  @Test(arguments: [
    Case(architecture: .resnet18, bf16: 0.999, int8: 0.99),
    Case(architecture: .resnet50, bf16: 0.994, int8: 0.945),
    Case(architecture: .resnet18, attention: .cbam, bf16: 0.999, int8: 0.99),
    Case(architecture: .resnet18, attention: .category, bf16: 0.999, int8: 0.99),
  ])
  func featuresStayClose(_ sample: Case) throws {
    let floats = try bundle(sample)
    let reference = features(floats, .fp32)
    let bf16 = Fidelity(of: features(floats, .bf16), against: reference)
    #expect(bf16.mean >= sample.bf16, "\(bf16)")
    let int8 = Fidelity(of: features(quantized(floats), .int8), against: reference)
    // Without VNNI weights have seven bits.
    #expect(int8.mean >= (Processor.hasByteDotProducts ? sample.int8 : 0.85), "\(int8)")
  }

  /// Bit for bit, with or without company.
  @Test(arguments: [EncoderConfiguration.Precision.bf16, .int8])
  func anImageDoesNotSeeItsBatch(_ precision: EncoderConfiguration.Precision) throws {
    let bundle = quantized(
      try bundle(Case(architecture: .resnet18, attention: .category, bf16: 0, int8: 0)))
    let plan = InferencePlan(bundle, precision: precision, batch: 4)
    let images = Array(Self.images.prefix(4))
    let together = InferenceWorkspace(plan).features(images, rows: [0, 1, 2, 0])
    for shift in 1..<4 {
      let order = (0..<4).map { ($0 + shift) % 4 }
      let features = InferenceWorkspace(plan).features(
        order.map { images[$0] }, rows: order.map { [0, 1, 2, 0][$0] })
      #expect(features == order.map { together[$0] })
    }
    let alone = InferenceWorkspace(plan).features([images[2]], rows: [2])
    #expect(alone == [together[2]])
  }

  @Test func aQuantizedEncoderKeepsItsCalibration() throws {
    let folder = try TemporaryFolder()
    let floats = try bundle(Case(architecture: .resnet18, bf16: 0, int8: 0))
    let made = quantized(floats)
    var configuration = floats.configuration
    configuration.precision = .int8
    let path = folder("encoder")
    try EncoderBundle.create(
      at: path, configuration: configuration, weights: floats.weights,
      calibration: made.calibration)
    let loaded = try EncoderBundle.load(path)
    #expect(loaded.calibration == made.calibration)
    #expect(features(loaded, .int8) == features(made, .int8))
    #expect(loaded.hash(for: Arithmetic(.int8)) != loaded.hash)
    #expect(loaded.hash(for: .float32) == loaded.hash)

    let file = path + "/calibration.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try (text + " ").write(toFile: file, atomically: false, encoding: .utf8)
    #expect(throws: VisualEncoderError.self) { try EncoderBundle.load(path) }
    try FileManager.default.removeItem(atPath: file)
    let missing = #expect(throws: VisualEncoderError.self) { try EncoderBundle.load(path) }
    #expect(missing?.path == file)
  }

  /// Finite weights whose activations are not: an error, and nothing on the disk.
  @Test func overflowingActivationsAreRefused() throws {
    let folder = try TemporaryFolder()
    let configuration = try bundle(Case(architecture: .resnet18, bf16: 0, int8: 0)).configuration
    var state = ReferenceWeights.state(configuration)
    for name in ["bn1.weight", "layer1.0.bn1.weight"] {
      state[name] = StoredTensor(shape: [64], floats: [Float](repeating: 1e38, count: 64))
    }
    let floats = EncoderBundle(
      configuration: configuration,
      weights: try EncoderWeights(state, for: configuration, path: "test"))
    let made = quantized(floats)
    let error = #expect(throws: VisualEncoderError.self) {
      try EncoderBundle.create(
        at: folder("encoder"), configuration: configuration, weights: floats.weights,
        calibration: made.calibration)
    }
    #expect(error?.code == .invalidConfiguration)
    #expect(!FileManager.default.fileExists(atPath: folder("encoder")))
  }

  @Test func bytesNeedACalibration() throws {
    let floats = try bundle(Case(architecture: .resnet18, bf16: 0, int8: 0))
    let error = #expect(throws: VisualEncoderError.self) {
      try floats.check(.int8, path: "encoder")
    }
    #expect(error?.description.contains("encoder quantize") ?? false)
    try quantized(floats).check(.int8, path: "encoder")
  }

  @Test func theQuantizerKeepsTheBestMethod() throws {
    let floats = try bundle(Case(architecture: .resnet18, bf16: 0, int8: 0))
    let items = ExtractionTests.photos.prefix(8).enumerated().map {
      ExtractionItem(id: "\($0)", path: $1)
    }
    let sample = try ImageSample(
      items + [ExtractionItem(id: "x", path: "none.png")], count: 9, for: floats, path: "list.csv")
    #expect(sample.ids == items.map(\.id))
    let (first, second) = sample.halves()
    #expect(first.ids == ["0", "2", "4", "6"] && second.ids == ["1", "3", "5", "7"])
    let outcome = EncoderQuantizer(floats).quantize(calibrateOn: first, compareOn: second)
    #expect(outcome.alternatives.count == 3)
    #expect(outcome.alternatives.values.allSatisfy { $0.mean <= outcome.fidelity.mean })
    #expect(outcome.calibration.images == 4)
    #expect(throws: VisualEncoderError.self) {
      try ImageSample([], count: 3, for: floats, path: "list.csv")
    }
  }
}

@Suite struct FidelityTests {
  @Test func constantShiftsDoNotCount() {
    let reference: [[Float]] = [[1, 0, 5], [0, 1, 5], [-1, -1, 5]]
    let shifted = reference.map { $0.map { $0 * 2 + 100 } }
    let same = Fidelity(of: shifted, against: reference)
    #expect(abs(same.mean - 1) < 1e-9 && abs(same.minimum - 1) < 1e-9)
    #expect(same.plainMean < 0.95)
    let opposite = Fidelity(of: reference.map { $0.map { -$0 } }, against: reference)
    #expect(abs(opposite.mean + 1) < 1e-9 && !opposite.reachesBar)
  }

  @Test func theWorstImageShows() {
    var features: [[Float]] = (0..<200).map { [Float($0 % 7) - 3, Float($0 % 5) - 2] }
    let reference = features
    features[17] = [-features[17][0] - 1, 5]
    let fidelity = Fidelity(of: features, against: reference)
    #expect(fidelity.minimum < 0.9 && fidelity.mean > 0.98 && fidelity.images == 200)
  }
}
