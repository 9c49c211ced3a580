import Foundation
import Images
import Tensors

/// Folders that appear complete or not at all.
enum BundleFolder {
  /// Lets `write` fill the folder; what stood at `destination` is replaced as a whole, and stays if
  /// anything fails.
  static func create(_ destination: String, _ write: (_ folder: String) throws -> Void) throws {
    do {
      try AtomicFolder.create(destination, replacing: true, write)
    } catch let error as TensorFileError where error.path == destination {
      throw VitrineError(
        error.description,
        remedy: "Choose another place with --output, or make its folder writable.")
    }
  }

  /// Writes a file of a bundle, which is on disk when this returns.
  static func write(_ data: Data, to path: String) throws {
    let file = try AtomicFile(path)
    try file.write([UInt8](data))
    try file.commit()
  }

  /// SHA-256 of a file, in hexadecimal.
  static func hash(ofFile path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw VitrineError(
        "\(path): the file is missing or cannot be read",
        remedy: "The bundle is incomplete; make it again or copy it whole.")
    }
    return HexDigest.sha256(data)
  }
}
