/// A field with a list of ids per row.
///
/// The name `history` is reserved: the items the user responded to strictly before the impression.
/// A history shares the vocabulary of the item field, when the schema has that field. Beside it,
/// `history.X` holds the value that each of its items had in the categorical field X, by X's
/// vocabulary.
public struct MultiValuedField: Sendable, Hashable, Codable {
  /// The reserved name.
  public static let history = "history"

  /// Column name, or `history`, or the name of what several columns hold together.
  public var name: String
  /// Columns with one id each that make up the list, in this order; the field's own column of
  /// several ids when `nil`.
  public var columns: [String]?
  /// Column with the time of each id, in seconds since 1970. Only ids strictly before the row's
  /// request stay, oldest first.
  public var times: String?
  /// Whether the batch tells how long before the request each id was.
  public var ages: Bool
  /// Ids seen fewer times in training share row 0, the unknown value.
  public var minimumCount: Int
  /// Rows that ids are hashed to, instead of a dictionary.
  public var hash: Int?
  /// Separator of the ids in a CSV cell.
  public var separator: String
  /// Whether the column holds text, and the ids are the letter trigrams of its words; nil for no.
  public var trigrams: Bool?
  /// Longest list kept: the most recent ids where there are times, the first of any other field.
  public var limit: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, columns, times, ages
    case minimumCount = "minimum_count"
    case hash, separator, trigrams, limit
  }

  /// Creates a field.
  public init(
    name: String, columns: [String]? = nil, times: String? = nil, ages: Bool = false,
    minimumCount: Int = 1, hash: Int? = nil, separator: String = "|",
    trigrams: Bool? = nil, limit: Int = 50
  ) {
    self.name = name
    self.columns = columns
    self.times = times
    self.ages = ages || times != nil
    self.minimumCount = minimumCount
    self.hash = hash
    self.separator = separator
    self.trigrams = trigrams
    self.limit = limit
  }

  /// Whether this is the user's history.
  public var isHistory: Bool { name == Self.history }

  /// The categorical field whose values for the history's items the list holds: `category` for
  /// `history.category`.
  public var historyAttribute: String? {
    let prefix = Self.history + "."
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
  }

  /// Columns of the file that the field reads, beside those of other fields.
  var sources: [String] {
    isHistory || historyAttribute != nil ? [] : (columns ?? [name]) + (times.map { [$0] } ?? [])
  }
}

extension MultiValuedField {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      self.init(name: try node.string())
      return
    }
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    let limits = try node.vocabularyLimits(members)
    self.init(
      name: try node.required("name", members).string(),
      columns: try members["columns"]?.strings(), times: try members["times"]?.string(),
      ages: try members["ages"]?.flag() ?? false, minimumCount: limits.minimumCount,
      hash: limits.hash)
    limit = try members["limit"]?.integer(in: 1...100_000) ?? limit
    if let node = members["separator"] {
      separator = try node.string()
      if separator.isEmpty {
        throw node.failure(.badValue, "the separator is empty.", "Write it in quotes: \"|\".")
      }
    }
    trigrams = try members["trigrams"]?.flag()
    if trigrams == true, isHistory || columns != nil || times != nil {
      throw node.failure(
        .badValue, "trigrams are cut from the text of one column.",
        "Remove columns and times, and give the field that column's name.")
    }
    if columns?.isEmpty == true {
      throw node.failure(
        .badValue, "the list of columns is empty.", "Name them, or leave columns out.")
    }
    if historyAttribute != nil, members.count > 1 {
      throw node.failure(
        .badValue, "the list stands beside the history and has its length, times and ids.",
        "Write only the name: - \(name).")
    }
    if isHistory, columns ?? times.map({ [$0] }) != nil || hash != nil {
      throw node.failure(
        .badValue, "the history comes from the log itself, with its times.",
        "Remove columns, times and hash, or give the field another name.")
    }
    if columns != nil, times != nil {
      throw node.failure(
        .badValue, "times belong to the ids of one column.",
        "Join the ids into one column, and their times into another.")
    }
    if ages, !isHistory, times == nil {
      throw node.failure(
        .badValue, "without times the ids have no ages.", "Name the column with times.")
    }
  }
}

extension MultiValuedField {
  /// The ids of a CSV cell.
  package func split(_ cell: String) -> [String] { ids(cell.split(separator: separator)) }

  /// Ids without the spaces around them, or the trigrams of texts, up to the limit; never an empty id.
  package func ids(_ parts: some Sequence<some StringProtocol>) -> [String] {
    var ids: [String] = []
    for part in parts where ids.count < limit {
      if trigrams == true {
        ids += LetterTrigrams(part).prefix(limit - ids.count)
        continue
      }
      let id = Self.trimmed(part)
      if !id.isEmpty { ids.append(id) }
    }
    return ids
  }

  static func trimmed(_ part: some StringProtocol) -> String {
    let start = part.drop { $0 == " " }
    let end = start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex
    return String(start[..<end])
  }
}
