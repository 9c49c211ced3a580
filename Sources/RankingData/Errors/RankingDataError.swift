/// Data or configuration that cannot be used: what failed, where, why, and what to do.
public struct RankingDataError: Error, Sendable, Hashable {
  /// The kind of failure, for programs.
  public enum Code: String, Sendable, Hashable {
    /// A file cannot be opened or read.
    case unreadable
    /// A file cannot be written.
    case unwritable
    /// Bytes that are not UTF-8.
    case encoding
    /// Text that is not JSON, CSV or YAML.
    case syntax
    /// Bytes that are not those that were written: truncated, or changed on the way.
    case damaged
    /// A record beyond the size limit.
    case tooLarge
    /// A key that must be present.
    case missingKey
    /// A configuration key that means nothing.
    case unknownKey
    /// A column that must be present.
    case missingColumn
    /// The same column name twice.
    case duplicateColumn
    /// A row with more or fewer fields than the header.
    case raggedRow
    /// A value of the wrong type or out of range.
    case badValue
    /// NaN, infinity, or a number beyond the range of a `Double`.
    case nonFinite
    /// An id of no characters.
    case emptyIdentifier
    /// An id that must be unique and is not.
    case duplicateIdentifier
    /// Too few rows, timestamps or classes for what was asked.
    case insufficientData
  }

  /// The kind of failure.
  public var code: Code
  /// File, when the data came from one.
  public var file: String?
  /// Line, from 1.
  public var line: Int?
  /// Column in characters, from 1.
  public var column: Int?
  /// What is wrong.
  public var problem: String
  /// What to do about it.
  public var remedy: String

  /// Creates an error.
  public init(
    _ code: Code, file: String? = nil, line: Int? = nil, column: Int? = nil, problem: String,
    remedy: String
  ) {
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
    self.remedy = remedy
  }
}

extension RankingDataError: CustomStringConvertible {
  /// `file:line:column: problem. remedy.`
  public var description: String {
    var place = ""
    if let file { place += file }
    if let line {
      place += place.isEmpty ? "line \(line)" : ":\(line)"
      if let column { place += place.hasPrefix("line") ? ", column \(column)" : ":\(column)" }
    }
    return (place.isEmpty ? "" : place + ": ") + problem + " " + remedy
  }
}
