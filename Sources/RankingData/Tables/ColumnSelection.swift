/// How a column is kept.
package enum ColumnKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// As codes into its distinct texts.
  case text
  /// As numbers; NaN where a cell is empty.
  case number
}

/// Which columns of a file are kept, and how.
package struct ColumnSelection: Sendable, Hashable {
  /// Kinds by name; a `*` in a name stands for any characters. `nil`: all columns.
  private let kinds: [String: Set<ColumnKind>]?

  /// All columns: as numbers where the file says that they are numbers, else as text.
  package static let all = ColumnSelection(kinds: nil)

  private init(kinds: [String: Set<ColumnKind>]?) { self.kinds = kinds }

  /// Columns by name or pattern.
  package init(_ kinds: [String: Set<ColumnKind>]) { self.init(kinds: kinds) }

  /// How a column is kept; empty where it is not.
  /// - Parameter isNumeric: whether the format holds nothing but numbers in it.
  func kinds(of name: String, isNumeric: Bool) -> Set<ColumnKind> {
    guard let kinds else { return [isNumeric ? .number : .text] }
    if let exact = kinds[name] { return exact }
    return kinds.reduce(into: []) { found, entry in
      if entry.key.contains("*"), Self.matches(entry.key, name) { found.formUnion(entry.value) }
    }
  }

  /// The names without a pattern.
  var names: [String] { kinds?.keys.filter { !$0.contains("*") }.sorted() ?? [] }

  /// Whether a pattern, in which `*` stands for any characters, fits a name. O(pattern × name).
  package static func matches(_ pattern: String, _ name: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return pattern == name
    }
    guard name.hasPrefix(first), name.count >= first.count + last.count, name.hasSuffix(last) else {
      return false
    }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}
