import Foundation

/// Bytes of a file, of standard input, or of memory, in chunks.
struct ByteSource {
  /// Shown in errors.
  let name: String?
  private let handle: FileHandle?
  private var memory: [UInt8]?
  private let chunk: Int

  /// Opens a file; `-` is standard input.
  init(path: String, chunk: Int = 1 << 20) throws(RankingDataError) {
    self.chunk = chunk
    if path == "-" {
      name = "standard input"
      handle = .standardInput
      return
    }
    let files = FileManager.default
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? files.attributesOfItem(atPath: resolved) else {
      throw RankingDataError(
        .unreadable, file: path, problem: "The file does not exist.",
        remedy: "Check the path; relative paths start at the working directory.")
    }
    if attributes[.type] as? FileAttributeType == .typeDirectory {
      throw RankingDataError(
        .unreadable, file: path, problem: "This is a folder.", remedy: "Name a file in it.")
    }
    guard let opened = FileHandle(forReadingAtPath: path) else {
      throw RankingDataError(
        .unreadable, file: path, problem: "The file cannot be opened.",
        remedy: "Check its permissions.")
    }
    name = path
    handle = opened
  }

  init(bytes: [UInt8], name: String? = nil) {
    self.name = name
    handle = nil
    memory = bytes
    chunk = 0
  }

  /// The next chunk, or `nil` at the end.
  mutating func next() throws(RankingDataError) -> [UInt8]? {
    if let bytes = memory {
      memory = nil
      return bytes.isEmpty ? nil : bytes
    }
    guard let handle else { return nil }
    do {
      guard let data = try handle.read(upToCount: chunk), !data.isEmpty else { return nil }
      return [UInt8](data)
    } catch {
      throw RankingDataError(
        .unreadable, file: name, problem: "Reading failed: \(error.localizedDescription).",
        remedy: "Check the disk and try again.")
    }
  }
}
