import Foundation
import Images
import Tensors

extension EncoderBundle {
  /// The contents of `encoder.json`.
  private struct Manifest: Codable {
    var format = "vitrine-encoder"
    var version = 1
    var configuration: EncoderConfiguration
    var featureWidth: Int
    var training: String?
    /// SHA-256 of each other file of the bundle.
    var files: [String: String]

    enum CodingKeys: String, CodingKey {
      case format, version, configuration, training, files
      case featureWidth = "feature_width"
    }
  }

  /// Writes a bundle that appears complete or not at all.
  ///
  /// - Parameter precision: of the stored weights. Half precision rounds them, also in what is
  ///   returned.
  /// - Throws: `alreadyExists` where there is something at `path`, `io` where writing fails.
  /// - Returns: The bundle as a later `load` gives it.
  @discardableResult
  package static func create(
    at path: String, configuration: EncoderConfiguration, weights: EncoderWeights,
    precision: WeightPrecision = .fp32, training: String? = nil, calibration: Calibration? = nil
  ) throws(VisualEncoderError) -> EncoderBundle {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw VisualEncoderError(
        .alreadyExists, path: path, reason: "there is something here; choose another --output")
    }
    if let problem = calibration?.problem(for: configuration) {
      throw VisualEncoderError(
        .invalidConfiguration, path: path,
        reason: "cannot compute in bytes: \(problem); check the weights, which may overflow")
    }
    let weights = precision == .fp16 ? try weights.roundedToHalf(for: configuration) : weights
    let halves = precision == .fp16 ? weights.matrices : []
    var weightsHash = ""
    do {
      try AtomicFolder.create(path, replacing: false) { folder in
        let weightsPath = "\(folder)/\(weightsFile)"
        try SafetensorsFile(tensors: weights.tensors).write(to: weightsPath, halves: halves)
        weightsHash = HexDigest.sha256(try FileReading.bytes(of: weightsPath))
        var files = [weightsFile: weightsHash]
        if let calibration {
          let bytes = try write(calibration, to: "\(folder)/\(calibrationFile)")
          files[calibrationFile] = HexDigest.sha256(bytes)
        }
        try write(
          Manifest(
            configuration: configuration, featureWidth: configuration.featureWidth,
            training: training, files: files), to: "\(folder)/\(configurationFile)")
      }
    } catch {
      throw VisualEncoderError(.io, path: path, reason: "cannot write the encoder: \(error)")
    }
    return EncoderBundle(
      configuration, weights, training: training, weightsHash: weightsHash,
      calibration: calibration)
  }

  /// - Returns: what was written.
  @discardableResult
  private static func write(_ value: some Encodable, to path: String) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let bytes = [UInt8](try encoder.encode(value)) + [0x0A]
    let file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
    return bytes
  }

  /// Loads a bundle after comparing the hash of every file.
  package static func load(_ path: String) throws(VisualEncoderError) -> EncoderBundle {
    let manifest = try readManifest("\(path)/\(configurationFile)")
    try manifest.configuration.validate(path: "\(path)/\(configurationFile)")
    let weightsPath = "\(path)/\(weightsFile)"
    let (bytes, digest) = try readFile(weightsFile, of: path, manifest)
    let tensors: [String: StoredTensor]
    do throws(TensorFileError) {
      tensors = try SafetensorsFile(parsing: bytes, path: weightsPath).tensors
    } catch {
      throw VisualEncoderError(.unreadable, path: weightsPath, reason: error.placeless)
    }
    let weights = try EncoderWeights(tensors, for: manifest.configuration, path: weightsPath)
    return EncoderBundle(
      manifest.configuration, weights, training: manifest.training, weightsHash: digest,
      calibration: try readCalibration(of: path, manifest))
  }

  private static func readFile(
    _ name: String, of bundle: String, _ manifest: Manifest
  ) throws(VisualEncoderError) -> (bytes: [UInt8], digest: String) {
    let path = "\(bundle)/\(name)"
    let bytes: [UInt8]
    do throws(TensorFileError) { bytes = try FileReading.bytes(of: path) } catch {
      throw VisualEncoderError(.unreadable, path: path, reason: error.placeless)
    }
    let digest = HexDigest.sha256(bytes)
    guard manifest.files[name] == digest else {
      throw VisualEncoderError(
        .hashMismatch, path: path,
        reason: "its SHA-256 is \(digest), but \(configurationFile) says"
          + " \(manifest.files[name] ?? "nothing"); make the encoder again")
    }
    return (bytes, digest)
  }

  private static func readCalibration(
    of bundle: String, _ manifest: Manifest
  ) throws(VisualEncoderError) -> Calibration? {
    let path = "\(bundle)/\(calibrationFile)"
    guard manifest.files[calibrationFile] != nil else {
      guard manifest.configuration.precision == .int8 else { return nil }
      throw VisualEncoderError(
        .unreadable, path: path,
        reason: "an encoder of precision int8 needs a calibration; make it by `encoder quantize`")
    }
    let bytes = try readFile(calibrationFile, of: bundle, manifest).bytes
    guard let calibration = try? JSONDecoder().decode(Calibration.self, from: Data(bytes)) else {
      throw VisualEncoderError(
        .unreadable, path: path, reason: "is no calibration; run `encoder quantize` again")
    }
    if let problem = calibration.problem(for: manifest.configuration) {
      throw VisualEncoderError(.unreadable, path: path, reason: problem)
    }
    return calibration
  }

  private static func readManifest(_ path: String) throws(VisualEncoderError) -> Manifest {
    func refuse(_ reason: String) -> VisualEncoderError {
      VisualEncoderError(.unreadable, path: path, reason: reason)
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw refuse("there is no such file, so no encoder; make one by `vitrine encoder import`")
    }
    let manifest: Manifest
    do {
      manifest = try JSONDecoder().decode(
        Manifest.self, from: Data(try FileReading.bytes(of: path)))
    } catch let error as TensorFileError {
      throw refuse(error.placeless)
    } catch let DecodingError.keyNotFound(key, _) {
      throw refuse("the key \(key.stringValue) is missing")
    } catch let DecodingError.dataCorrupted(context) {
      throw refuse(context.debugDescription)
    } catch let DecodingError.typeMismatch(_, context) {
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw refuse("\(keys): \(context.debugDescription)")
    } catch {
      throw refuse("\(error)")
    }
    guard manifest.format == "vitrine-encoder", manifest.version == 1 else {
      throw refuse(
        "format \(manifest.format) version \(manifest.version); this program reads"
          + " vitrine-encoder version 1")
    }
    return manifest
  }
}
