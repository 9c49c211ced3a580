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
  /// - Throws: `alreadyExists` where there is something at `path`, `io` where writing fails.
  /// - Returns: The bundle as a later `load` gives it.
  @discardableResult
  package static func create(
    at path: String, configuration: EncoderConfiguration, weights: EncoderWeights,
    training: String? = nil
  ) throws(VisualEncoderError) -> EncoderBundle {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw VisualEncoderError(
        .alreadyExists, path: path, reason: "there is something here; choose another --output")
    }
    var weightsHash = ""
    do {
      try AtomicFolder.create(path, replacing: false) { folder in
        let weightsPath = "\(folder)/\(weightsFile)"
        try SafetensorsFile(tensors: weights.tensors).write(to: weightsPath)
        weightsHash = HexDigest.sha256(try FileReading.bytes(of: weightsPath))
        let manifest = Manifest(
          configuration: configuration, featureWidth: configuration.featureWidth,
          training: training, files: [weightsFile: weightsHash])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = try AtomicFile("\(folder)/\(configurationFile)")
        try file.write([UInt8](try encoder.encode(manifest)) + [0x0A])
        try file.commit()
      }
    } catch {
      throw VisualEncoderError(.io, path: path, reason: "cannot write the encoder: \(error)")
    }
    return EncoderBundle(configuration, weights, training: training, weightsHash: weightsHash)
  }

  /// Loads a bundle after comparing the hash of every file.
  package static func load(_ path: String) throws(VisualEncoderError) -> EncoderBundle {
    let manifest = try readManifest("\(path)/\(configurationFile)")
    try manifest.configuration.validate(path: "\(path)/\(configurationFile)")
    let weightsPath = "\(path)/\(weightsFile)"
    let bytes: [UInt8]
    let tensors: [String: StoredTensor]
    do throws(TensorFileError) {
      bytes = try FileReading.bytes(of: weightsPath)
    } catch {
      throw VisualEncoderError(.unreadable, path: weightsPath, reason: error.placeless)
    }
    let digest = HexDigest.sha256(bytes)
    guard manifest.files[weightsFile] == digest else {
      throw VisualEncoderError(
        .hashMismatch, path: weightsPath,
        reason: "its SHA-256 is \(digest), but \(configurationFile) says"
          + " \(manifest.files[weightsFile] ?? "nothing"); import the encoder again")
    }
    do throws(TensorFileError) {
      tensors = try SafetensorsFile(parsing: bytes, path: weightsPath).tensors
    } catch {
      throw VisualEncoderError(.unreadable, path: weightsPath, reason: error.placeless)
    }
    let weights = try EncoderWeights(tensors, for: manifest.configuration, path: weightsPath)
    return EncoderBundle(
      manifest.configuration, weights, training: manifest.training, weightsHash: digest)
  }

  private static func readManifest(_ path: String) throws(VisualEncoderError) -> Manifest {
    func refuse(_ reason: String) -> VisualEncoderError {
      VisualEncoderError(.unreadable, path: path, reason: reason)
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
