import Foundation

/// Bytes of a file, of standard input, or of memory, in chunks. What is gzipped is inflated on the
/// way, whatever its name.
struct ByteSource {
  /// Shown in errors.
  let name: String?
  private let handle: FileHandle?
  private var memory: [UInt8]?
  private let chunk: Int
  private var inflater: Inflater?
  private var isStarted = false
  /// Bytes in the file; 0 where nobody knows.
  let size: Int
  /// Bytes read so far, before inflation.
  private(set) var consumed = 0

  /// Opens a file; `-` is standard input.
  init(path: String, chunk: Int = 1 << 20) throws(RankingDataError) {
    self.chunk = chunk
    if path == "-" {
      name = "standard input"
      handle = .standardInput
      size = 0
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
    size = attributes[.size] as? Int ?? 0
  }

  init(bytes: [UInt8], name: String? = nil) {
    self.name = name
    handle = nil
    memory = bytes
    chunk = 1 << 20
    size = bytes.count
  }

  /// The next chunk, or `nil` at the end.
  mutating func next() throws(RankingDataError) -> [UInt8]? {
    if let inflater { return try inflated(inflater) }
    let raw = try read()
    guard !isStarted else { return raw }
    isStarted = true
    guard var start = raw else { return nil }
    // A pipe may give its first byte alone.
    while start.count < Inflater.magic.count, start.first == Inflater.magic[0],
      let more = try read()
    {
      start += more
    }
    guard start.starts(with: Inflater.magic) else { return start }
    let inflater = try Inflater(name: name)
    inflater.feed(start)
    self.inflater = inflater
    return try inflated(inflater)
  }

  private mutating func inflated(_ inflater: Inflater) throws(RankingDataError) -> [UInt8]? {
    while true {
      let bytes = try inflater.inflate(max(chunk, 1))
      if !bytes.isEmpty { return bytes }
      guard let more = try read() else {
        try inflater.finish()
        return nil
      }
      inflater.feed(more)
    }
  }

  private mutating func read() throws(RankingDataError) -> [UInt8]? {
    if let bytes = memory {
      memory = nil
      consumed = bytes.count
      return bytes.isEmpty ? nil : bytes
    }
    guard let handle else { return nil }
    let bytes = try Self.read(handle.fileDescriptor, chunk, name)
    consumed += bytes.count
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
