import FileSupport
import Foundation
import Testing
import Vitrine

/// From an encoder in floats to one in bytes, to a cache.
@Suite struct EncoderQuantizationTests {
  private let folder: TemporaryFolder
  private let photos =
    (SmallShop.catalogue as NSString).deletingLastPathComponent + "/photos"

  /// Made once for all tests.
  private static let shared = Result {
    let folder = try TemporaryFolder()
    _ = try EncoderImport.run(
      architecture: .resnet18, attention: .none, categories: nil, source: .random(seed: 5),
      preprocessing: Preprocessing(resize: 40, crop: 32), output: folder("encoder"))
    return folder
  }

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder("encoder"), withDestinationPath: try Self.shared.get()("encoder"))
  }

  private func quantize(
    _ name: String = "encoder8", sample: Int = 40, method: ClippingMethod? = nil
  ) throws -> EncoderQuantization.Summary {
    try EncoderQuantization.run(
      encoder: folder("encoder"), input: photos, output: folder(name), sample: sample,
      method: method)
  }

  @Test func halfCalibratesAndTheOtherHalfMeasures() throws {
    let summary = try quantize()
    #expect(summary.calibrationImages == 20 && summary.fidelity.images == 20)
    #expect(!summary.comparedOnCalibrationImages)
    #expect(Set(summary.tried.keys) == Set(ClippingMethod.allCases.map(\.rawValue)))
    #expect(summary.tried[summary.method.rawValue] == summary.fidelity.mean)
    #expect(summary.tried.values.allSatisfy { $0 <= summary.fidelity.mean })
    #expect(summary.fidelity.mean > 0.9 && summary.fidelity.mean < 1)

    let description = try EncoderImport.inspect(folder("encoder8"))
    #expect(description.hash == summary.hash)
    #expect(description.configuration.precision == .int8)
    #expect(description.calibration?.images == 20)
    #expect(description.calibration?.method == summary.method)
    let plain = try EncoderImport.inspect(folder("encoder"))
    #expect(plain.hash != summary.hash && plain.calibration == nil)

    // The same encoder twice is the same encoder.
    #expect(try quantize("again", method: summary.method).hash == summary.hash)
  }

  @Test func aSmallSampleDoesBothAndSaysSo() throws {
    let summary = try quantize(sample: 6, method: .minMax)
    #expect(summary.comparedOnCalibrationImages)
    #expect(summary.calibrationImages == 6 && summary.fidelity.images == 6)
    #expect(summary.method == .minMax && Array(summary.tried.keys) == ["min-max"])
  }

  @Test func whatCannotBeDoneLeavesNothingBehind() throws {
    try folder.write("mine", to: "taken")
    let taken = #expect(throws: VitrineError.self) { try quantize("taken") }
    #expect(taken?.description.contains("taken") == true)
    #expect(try text(of: folder("taken")) == "mine")
    #expect(throws: VisualEncoderError.self) {
      try EncoderQuantization.run(
        encoder: folder("encoder"), input: folder("nowhere"), output: folder("out"))
    }
    let before = try names(in: folder.path)
    #expect(before == ["encoder", "taken"])
  }

  @Test func fidelityComparesWithSinglePrecision() throws {
    let same = try EncoderQuantization.fidelity(
      encoder: folder("encoder"), input: photos, precision: .fp32, sample: 9)
    #expect(same.images == 9 && same.minimum > 0.999999)
    let error = #expect(throws: VisualEncoderError.self) {
      try EncoderQuantization.fidelity(
        encoder: folder("encoder"), input: photos, precision: .int8, sample: 9)
    }
    #expect(error?.description.contains("encoder quantize") == true)
    _ = try quantize(sample: 8, method: .mse)
    let bytes = try EncoderQuantization.fidelity(
      encoder: folder("encoder8"), input: photos, precision: .int8, sample: 9)
    #expect(bytes.mean > 0.9 && bytes.mean < same.mean)
  }

  /// A cache knows which arithmetic filled it, and finds it again when its description is lost,
  /// whichever of its precisions the encoder was run in.
  @Test(arguments: [EncoderConfiguration.Precision.fp32, .int8])
  func aLostDescriptionComesBack(_ precision: EncoderConfiguration.Precision) throws {
    let summary = try quantize(sample: 6, method: .mse)
    try folder.write("id,path\na,\(photos)/hat-001.jpg\n", to: "in.csv")
    let extraction = try FeatureExtraction(
      input: folder("in.csv"), encoder: folder("encoder8"), cache: folder("cache"),
      precision: precision)
    #expect(try extraction.run().precision.hasPrefix(precision.rawValue))
    let info = try FeatureStore.info(folder("cache"))
    #expect((info.encoder == summary.hash) == (precision == .int8))
    let vector = try FeatureStore.vector(folder("cache"), item: "a")
    try FileManager.default.removeItem(atPath: folder("cache/cache.json"))
    let repair = try FeatureStore.repair(folder("cache"), encoder: folder("encoder8"))
    #expect(repair.rows == 1 && repair.lostRows == 0)
    let again = try FeatureStore.info(folder("cache"))
    #expect(again.encoder == info.encoder && again.precision == info.precision)
    #expect(try FeatureStore.vector(folder("cache"), item: "a") == vector)
  }
}
