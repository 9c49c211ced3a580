import Foundation

/// A ranker with the encoder and the lookup table that were made in one training: a folder of
/// `ranker`, `encoder`, `cache` and
/// ```json
/// {"format": "vitrine-joint", "version": 1, "encoder": "9f86d0…", "ranker": "60303a…",
///  "features": "2c26b4…/fcde2b…/fp32"}
/// ```
/// which says what belongs together, so that parts of two trainings never mix. The table may grow:
/// new items are extracted into it with this encoder.
struct JointBundle: Sendable, Codable, Equatable {
  private(set) var format = "vitrine-joint"
  private(set) var version = 1
  /// SHA-256 of `encoder/encoder.json`, which vouches for the other files of the encoder.
  let encoder: String
  /// SHA-256 of `ranker/model.json`, which vouches for the other files of the ranker.
  let ranker: String
  /// What the vectors are known by.
  let features: String

  static let fileName = "joint.json"
  static let encoderFolder = "encoder"
  static let cacheFolder = "cache"
  static let rankerFolder = "ranker"

  /// Describes the parts in a folder.
  init(of folder: String, features: String) throws {
    encoder = try Self.hash(folder, Self.encoderFile)
    ranker = try Self.hash(folder, Self.rankerFile)
    self.features = features
  }

  /// Whether a folder holds the parts of a joint training.
  static func exists(at folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(fileName)")
  }

  func write(to folder: String) throws {
    try JSONFile.write(self, to: "\(folder)/\(Self.fileName)")
  }

  /// Reads the description and holds the parts against it.
  /// - Throws: `VitrineError` that names the part which comes from another training.
  static func read(_ folder: String) throws -> JointBundle {
    let path = "\(folder)/\(fileName)"
    let bundle = try JSONFile.read(JointBundle.self, from: path)
    guard bundle.format == "vitrine-joint", bundle.version == 1 else {
      throw VitrineError(
        "\(path): format \(bundle.format) version \(bundle.version), but this build reads"
          + " vitrine-joint version 1", remedy: "Use the version that wrote it, or train again.")
    }
    for (file, expected) in [(encoderFile, bundle.encoder), (rankerFile, bundle.ranker)] {
      let found = try hash(folder, file)
      guard found == expected else {
        throw VitrineError(
          "\(folder)/\(file): its SHA-256 is \(found), and \(fileName) says \(expected): it is"
            + " not the one of this training",
          remedy: "Encoder, cache and ranker belong together: copy the whole folder again.")
      }
    }
    return bundle
  }

  private static let encoderFile = "\(encoderFolder)/encoder.json"
  private static let rankerFile = "\(rankerFolder)/\(ModelManifest.fileName)"

  private static func hash(_ folder: String, _ file: String) throws -> String {
    try BundleFolder.hash(ofFile: "\(folder)/\(file)")
  }
}
