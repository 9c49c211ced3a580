import Foundation

/// Writes values as JSON Lines, buffered.
public struct JSONLinesWriter: ~Copyable {
  private var sink = JSONSink()
  private let handle: FileHandle
  private let name: String

  /// Creates or replaces a file; `-` is standard output.
  public init(path: String) throws(RankingDataError) {
    name = path == "-" ? "standard output" : path
    if path == "-" {
      handle = .standardOutput
      return
    }
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let opened = FileHandle(forWritingAtPath: path)
    else {
      throw RankingDataError(
        .unwritable, file: path, problem: "The file cannot be created.",
        remedy: "Check that its folder exists and may be written.")
    }
    handle = opened
  }

  /// Appends one line. Nothing is certain to be on disk before `flush()`.
  /// A value that cannot be written leaves no trace in the file.
  public mutating func write(_ value: some JSONLine) throws(RankingDataError) {
    let whole = sink.text.bytes.count
    do {
      try value.write(&sink)
    } catch {
      sink.text.truncate(to: whole)
      throw error
    }
    sink.text.newline()
    if sink.text.bytes.count >= 1 << 16 { try flush() }
  }

  /// Hands everything written so far to the system. Must be called at the end.
  public mutating func flush() throws(RankingDataError) {
    do {
      try handle.write(contentsOf: Data(sink.text.bytes))
    } catch {
      throw RankingDataError(
        .unwritable, file: name, problem: "Writing failed. \(error.localizedDescription)",
        remedy: "Check the free space and permissions.")
    }
    sink.text.removeAll()
  }
}
