import Foundation

/// Standard output for data, standard error for talk.
enum Console {
  /// Whether talk is read by a person at a terminal.
  static let isInteractive = isatty(STDERR_FILENO) != 0

  /// One line of talk.
  static func say(_ line: String) {
    // Nobody reads any more: nobody is left to tell.
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Replaces the current line of a terminal.
  static func replaceLine(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[2K\(line)".utf8))
  }

  /// Data, as it is. A full disk ends the process: what comes after would be missed.
  static func print(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      say("error: standard output cannot be written: \(error.localizedDescription)")
      Foundation.exit(ExitStatus.failed.code)
    }
  }

  /// One machine-readable document.
  static func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
