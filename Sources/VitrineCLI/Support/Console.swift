import Foundation

/// Standard output for data, standard error for talk.
enum Console {
  /// Whether talk is read by a person at a terminal.
  static let isInteractive = isatty(STDERR_FILENO) != 0

  /// One line of talk.
  static func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Replaces the current line of a terminal.
  static func replaceLine(_ line: String) {
    FileHandle.standardError.write(Data("\r\u{1B}[2K\(line)".utf8))
  }

  /// Data, as it is.
  static func print(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  /// One machine-readable document.
  static func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
