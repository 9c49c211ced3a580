import Foundation
import Images

/// Folders that appear complete or not at all: written beside their place, then renamed into it.
enum BundleFolder {
  /// Lets `write` fill a temporary sibling of `destination` and moves it into place. What stood
  /// there is replaced only then, and stays if anything fails.
  static func create(_ destination: String, _ write: (_ folder: String) throws -> Void) throws {
    let files = FileManager.default
    let target = URL(fileURLWithPath: destination).standardizedFileURL
    let parent = target.deletingLastPathComponent()
    let stamp = "\(ProcessInfo.processInfo.processIdentifier)"
    let temporary = parent.appendingPathComponent(".\(target.lastPathComponent).tmp-\(stamp)")
    do {
      try files.createDirectory(at: parent, withIntermediateDirectories: true)
      try? files.removeItem(at: temporary)
      try files.createDirectory(at: temporary, withIntermediateDirectories: false)
    } catch {
      throw VitrineError(
        "\(destination): the folder cannot be created: \(error.localizedDescription)",
        remedy: "Choose another place with --output, or make its folder writable.")
    }
    defer { try? files.removeItem(at: temporary) }
    try write(temporary.path)
    guard files.fileExists(atPath: target.path) else {
      try files.moveItem(at: temporary, to: target)
      return
    }
    // A rename cannot replace a folder that holds files, so the old one steps aside first.
    let old = parent.appendingPathComponent(".\(target.lastPathComponent).old-\(stamp)")
    try? files.removeItem(at: old)
    try files.moveItem(at: target, to: old)
    do {
      try files.moveItem(at: temporary, to: target)
    } catch {
      try? files.moveItem(at: old, to: target)
      throw error
    }
    try? files.removeItem(at: old)
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
