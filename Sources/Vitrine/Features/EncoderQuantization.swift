import Foundation
public import VisualEncoder

/// Makes encoders that compute in bytes, and measures what other arithmetic than single precision
/// costs: `vitrine encoder quantize` and `vitrine encoder fidelity`.
public enum EncoderQuantization {
  /// What came of it.
  public struct Summary: Sendable, Codable {
    /// What caches know the encoder by when it computes in bytes.
    public var hash: String
    /// How the reach of activations was chosen.
    public var method: ClippingMethod
    /// Images that the reach was measured on.
    public var calibrationImages: Int
    /// Against single precision, on other images where there were enough.
    public var fidelity: Fidelity
    /// The mean cosine of every method that was tried.
    public var tried: [String: Double]
    /// Whether the comparison used images of the calibration, because there were too few.
    public var comparedOnCalibrationImages: Bool
  }

  /// Calibrates an encoder on a sample of images and writes the result.
  ///
  /// - Parameters:
  ///   - input: a folder of images or a manifest, as for extraction.
  ///   - sample: images at most; half of them measure the result.
  ///   - method: nil to try all and keep the best.
  /// - Throws: `VisualEncoderError` where encoder or images cannot be read, or `output` exists.
  public static func run(
    encoder: String, input: String, output: String, sample count: Int = 600,
    method: ClippingMethod? = nil
  ) throws -> Summary {
    guard !FileManager.default.fileExists(atPath: output) else {
      throw VitrineError(
        "\(output): there is something here already", remedy: "Choose another --output.")
    }
    let bundle = try EncoderBundle.load(encoder)
    let sample = try ImageSample(ImageList.read(input), count: count, for: bundle, path: input)
    let isSmall = sample.images.count < 32
    let (first, second) = isSmall ? (sample, sample) : sample.halves()
    let outcome = EncoderQuantizer(bundle).quantize(
      calibrateOn: first, compareOn: second, method: method)
    var configuration = bundle.configuration
    configuration.precision = .int8
    let quantized = try EncoderBundle.create(
      at: output, configuration: configuration, weights: bundle.weights,
      training: bundle.training, calibration: outcome.calibration)
    return Summary(
      hash: quantized.hash(for: Arithmetic(.int8)), method: outcome.calibration.method,
      calibrationImages: first.images.count, fidelity: outcome.fidelity,
      tried: Dictionary(
        uniqueKeysWithValues: outcome.alternatives.map { ($0.key.rawValue, $0.value.mean) }),
      comparedOnCalibrationImages: isSmall)
  }

  /// What this processor cannot do as asked; nil where all is well.
  public static func notice(_ precision: EncoderConfiguration.Precision) -> String? {
    Arithmetic.notice(precision)
  }

  /// Compares features of a precision with single precision on a sample of images.
  ///
  /// - Throws: `VisualEncoderError`; also for `int8` without a calibration.
  public static func fidelity(
    encoder: String, input: String, precision: EncoderConfiguration.Precision,
    sample count: Int = 300
  ) throws -> Fidelity {
    let bundle = try EncoderBundle.load(encoder)
    try bundle.check(precision, path: encoder)
    let sample = try ImageSample(ImageList.read(input), count: count, for: bundle, path: input)
    return EncoderQuantizer(bundle).fidelity(of: precision, on: sample)
  }
}
