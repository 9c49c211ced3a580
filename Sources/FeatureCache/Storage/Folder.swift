import Foundation
import Glibc

/// A folder whose files appear whole or not at all.
struct Folder: Sendable {
  let path: String

  init(_ path: String) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
  }

  func file(_ name: String) -> String { path + "/" + name }

  func contains(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

  /// Whether files can be added here.
  var isWritable: Bool { access(path, W_OK) == 0 }

  /// What Foundation says of a failure, without its introduction and its full stop.
  private static func reason(_ error: any Error) -> String {
    let sentences = error.localizedDescription.components(separatedBy: ". ")
    return sentences.last?.trimmingCharacters(in: ["."]) ?? ""
  }

  /// Creates the folder and the ones above it.
  func create() throws(FeatureCacheError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FeatureCacheError(
        code: .systemFailure, path: path,
        message: "the folder cannot be created: \(Self.reason(error))",
        advice: "Check the permissions of the folder above it, and the disk")
    }
  }

  /// The names of the files in the folder, in byte order.
  func names() throws(FeatureCacheError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw FeatureCacheError(
        code: .notFound, path: path,
        message: "the folder cannot be listed: \(Self.reason(error))",
        advice: "Check the path and its permissions")
    }
  }

  /// The names that fulfil a condition, in byte order.
  ///
  /// - Complexity: linear in the folder, at a fraction of the cost of `names()` where few do.
  func names(where isWanted: (String) -> Bool) throws(FeatureCacheError) -> [String] {
    var found: [String] = []
    try forEachName { name in
      if isWanted(name) { found.append(name) }
      return true
    }
    return found.sorted()
  }

  /// Whether a name fulfils a condition.
  func contains(where isWanted: (String) -> Bool) throws(FeatureCacheError) -> Bool {
    var isFound = false
    try forEachName { name in
      isFound = isWanted(name)
      return !isFound
    }
    return isFound
  }

  /// Calls `body` with each name, in the order of the disk, until it returns false.
  private func forEachName(_ body: (String) -> Bool) throws(FeatureCacheError) {
    guard let stream = opendir(path) else { throw .system(path, "open", errno) }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      guard body(name) else { return }
    }
  }

  /// Renames a file or folder into another folder; one that is not there is no error. Durable only
  /// after both are synchronized.
  func move(
    _ name: String, to folder: Folder, as newName: String? = nil
  ) throws(FeatureCacheError) {
    guard rename(file(name), folder.file(newName ?? name)) == 0 || errno == ENOENT else {
      throw OpenFile.writeFailure(file(name), "rename", errno, needed: 0)
    }
  }

  /// Makes renames and removals in this folder durable.
  func synchronize() throws(FeatureCacheError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "open", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw OpenFile.writeFailure(file(""), "fsync", errno, needed: 0)
    }
  }

  /// Where a file is written before it is renamed into place.
  func temporary(_ name: String) -> String { file(name + Folder.temporarySuffix) }

  static let temporarySuffix = ".tmp"

  /// Writes a file under its temporary name and waits until it is on the disk.
  func prepare(
    _ name: String, _ write: (borrowing OpenFile) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    do {
      let output = try OpenFile(creating: temporary(name))
      try write(output)
      try output.synchronize()
    } catch {
      unlink(temporary(name))
      throw error
    }
  }

  /// Gives a prepared file its name. Durable only after `synchronize()`.
  func publish(_ name: String) throws(FeatureCacheError) {
    guard rename(temporary(name), file(name)) == 0 else {
      throw OpenFile.writeFailure(file(name), "rename", errno, needed: 0)
    }
  }

  /// Removes prepared files that will not be published.
  func discard(_ names: [String]) {
    for name in names { unlink(temporary(name)) }
  }

  /// Whether two files hold the same bytes.
  func areEqual(_ name: String, _ other: String) throws(FeatureCacheError) -> Bool {
    try OpenFile(reading: file(name)).holdsSame(as: OpenFile(reading: file(other)))
  }

  /// Takes a damaged file out of use without destroying it; returns its new name. Durable only
  /// after `synchronize()`.
  func setAside(_ name: String) throws(FeatureCacheError) -> String {
    var target = name + Folder.damagedSuffix
    var count = 1
    while contains(target) {
      count += 1
      target = name + Folder.damagedSuffix + "-\(count)"
    }
    guard rename(file(name), file(target)) == 0 else {
      throw OpenFile.writeFailure(file(name), "rename", errno, needed: 0)
    }
    return target
  }

  static let damagedSuffix = ".damaged"

  /// Writes a small file durably in one go.
  func replace(_ name: String, with bytes: [UInt8]) throws(FeatureCacheError) {
    try prepare(name) { output throws(FeatureCacheError) in try output.write(bytes) }
    try publish(name)
    try synchronize()
  }

  /// Removes a file, but never a folder; one that is not there is no error.
  func removeFile(_ name: String) throws(FeatureCacheError) {
    guard unlink(file(name)) == 0 || errno == ENOENT else {
      throw OpenFile.writeFailure(file(name), "unlink", errno, needed: 0)
    }
  }

  /// Removes a file or a folder with all it holds; one that is not there is no error.
  func remove(_ name: String) throws(FeatureCacheError) {
    guard contains(name) else { return }
    do {
      try FileManager.default.removeItem(atPath: file(name))
    } catch {
      throw FeatureCacheError(
        code: .systemFailure, path: file(name),
        message: "the file cannot be removed: \(Self.reason(error))",
        advice: "Check the permissions of the folder")
    }
  }
}
