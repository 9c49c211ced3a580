import CLinux
import Foundation

/// A folder that appears under its name complete and on disk, or not at all.
package enum AtomicFolder {
  /// Lets `write` fill a temporary sibling of `path` and moves it into place in one step. What
  /// stood there is replaced as a whole, and stays if anything fails before that.
  ///
  /// Files in it should be `AtomicFile`s: their contents are then on disk before the folder appears.
  /// What a killed process left of an earlier attempt is removed.
  /// - Parameter replaces: whether something may stand at `path`.
  /// - Throws: `TensorFileError` of code `io`, and whatever `write` throws.
  package static func create(
    _ path: String, replacing replaces: Bool, _ write: (_ folder: String) throws -> Void
  ) throws {
    let files = FileManager.default
    let target = URL(fileURLWithPath: path).standardizedFileURL
    let parent = target.deletingLastPathComponent()
    let temporary = parent.appendingPathComponent(Leftovers.folder(target.lastPathComponent)).path
    do {
      try files.createDirectory(at: parent, withIntermediateDirectories: true)
      Leftovers.remove(of: target.path)
      try files.createDirectory(atPath: temporary, withIntermediateDirectories: false)
    } catch {
      throw TensorFileError(
        .io, path: path, reason: "the folder cannot be made: \(error.localizedDescription)")
    }
    // After an exchange it holds what stood at `path` before.
    defer { try? files.removeItem(atPath: temporary) }
    try write(temporary)
    AtomicFile.syncFolder(of: temporary + "/.")
    try move(temporary, to: target.path, replacing: replaces)
    AtomicFile.syncFolder(of: target.path)
  }

  private static func move(
    _ temporary: String, to path: String, replacing replaces: Bool
  ) throws(TensorFileError) {
    // Onto a folder that holds something, a rename fails.
    if rename(temporary, path) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR else {
      throw .system(path, "cannot rename into place")
    }
    guard replaces else {
      throw TensorFileError(.io, path: path, reason: "there is something here already")
    }
    if vitrine_exchange_names(temporary, path) == 0 { return }
    // Not every file system can exchange names: for a moment there is nothing at `path`.
    let old = "\(temporary)-old"
    defer { try? FileManager.default.removeItem(atPath: old) }
    guard rename(path, old) == 0, rename(temporary, path) == 0 else {
      let error = TensorFileError.system(path, "cannot rename into place")
      rename(old, path)
      throw error
    }
  }
}
