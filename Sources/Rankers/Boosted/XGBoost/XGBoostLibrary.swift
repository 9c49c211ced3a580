import CXGBoost

/// The C library, reached through checked calls.
///
/// It is used to train and nothing else: what it has trained is read and scored in Swift, so a
/// service never enters it.
enum XGBoostLibrary {
  /// What its own logging may print, which is nothing; the setting belongs to the calling thread.
  static func silence() { _ = unsafe XGBSetGlobalConfig(#"{"verbosity": 0}"#) }

  /// Checks what a call returned.
  ///
  /// - Parameter action: what was tried, to follow "XGBoost could not".
  static func check(_ action: String, _ code: Int32) throws(BoostingError) {
    guard code != 0 else { return }
    let message = unsafe XGBGetLastError().map { unsafe String(cString: $0) } ?? ""
    throw BoostingError(
      "XGBoost could not \(action): \(clean(message))",
      remedy: "Correct the configuration or the data that it complains about.")
  }

  /// Its message without the time, the place in its sources and the stack.
  static func clean(_ message: String) -> String {
    var text = Substring(message)
    if let stack = text.firstRange(of: "Stack trace") { text = text[..<stack.lowerBound] }
    if let place = text.prefixMatch(of: #/\[[0-9:]+\] \S+:[0-9]+: /#) {
      text = text[place.range.upperBound...]
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.hasSuffix(".") ? String(words.dropLast()) : words
  }

  /// A matrix in memory as the library wants to be told of it.
  static func arrayInterface(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int
  ) -> String {
    let address = UInt(bitPattern: values)
    return #"{"data": [\#(address), true], "shape": [\#(rows), \#(columns)], "#
      + #""typestr": "<f4", "version": 3}"#
  }
}
