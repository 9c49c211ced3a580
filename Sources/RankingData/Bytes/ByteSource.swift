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
    let bytes = try Self.read(handle.fileDescriptor, chunk, name)
    return bytes.isEmpty ? nil : bytes
  }

  /// One read: of a pipe, what has arrived, so that an answer need not wait for more questions.
  private static func read(
    _ descriptor: Int32, _ count: Int, _ name: String?
  ) throws(RankingDataError) -> [UInt8] {
    while true {
      var found = 0
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        found = unsafe Foundation.read(descriptor, buffer.baseAddress, count)
        initialized = max(found, 0)
      }
      if found >= 0 { return bytes }
      if errno == EINTR { continue }
      let reason = unsafe String(cString: strerror(errno))
      throw RankingDataError(
        .unreadable, file: name, problem: "Reading failed: \(reason).",
        remedy: "Check the disk and try again.")
    }
  }
}
