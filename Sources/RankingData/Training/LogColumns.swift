/// A column of texts as a log holds it: a code for each row, and what is known of each code. A column
/// of the catalogue is read through the codes of the items, so nothing is copied for every row.
struct TextSource: Sendable {
  /// A code for each row.
  let codes: Column<Int32>
  /// Distinct texts.
  let texts: TextValues
  /// The text of each item in `texts`, -1 for none, where the column is the catalogue's.
  private let byItem: [Int32]?

  init(_ column: Table.TextColumn) {
    self.init(codes: column.codes, texts: column.values, byItem: nil)
  }

  init(_ log: ImpressionLog, _ name: String) throws(RankingDataError) {
    guard !log.table.has(name), let catalogue = log.catalogue, catalogue.table.has(name) else {
      self.init(try log.text(name))
      return
    }
    let column = try catalogue.table.text(name)
    self.init(
      codes: log.items.codes, texts: column.values,
      byItem: log.catalogueRows.map { $0 < 0 ? -1 : column.codes[Int($0)] })
  }

  private init(codes: Column<Int32>, texts: TextValues, byItem: [Int32]?) {
    self.codes = codes
    self.texts = texts
    self.byItem = byItem
  }

  /// What a function makes of the text of each code. O(codes).
  func table<Value>(_ value: (String) -> Value) -> [Value] {
    let byText = texts.map(value)
    guard let byItem else { return byText }
    let missing = value("")
    return byItem.map { $0 < 0 ? missing : byText[Int($0)] }
  }

  /// The row's text as a position in `texts`, or -1. Two items may have one text.
  func place(_ row: Int32) -> Int32 {
    let code = codes[Int(row)]
    return byItem.map { $0[Int(code)] } ?? code
  }
}

/// A column of numbers as a log holds it; NaN is missing.
enum NumberSource: Sendable {
  /// A number for each row.
  case rows(Column<Double>)
  /// A number for each item, and an item for each row.
  case items(Column<Int32>, [Double])

  init(_ log: ImpressionLog, _ name: String) throws(RankingDataError) {
    guard !log.table.has(name), let catalogue = log.catalogue, catalogue.table.has(name) else {
      self = .rows(try log.numbers(name))
      return
    }
    let values = try catalogue.table.numbers(name)
    self = .items(
      log.items.codes, log.catalogueRows.map { $0 < 0 ? .nan : values[Int($0)] })
  }

  /// The number of a row.
  subscript(row: Int32) -> Double {
    switch self {
    case .rows(let values): values[Int(row)]
    case .items(let codes, let values): values[Int(codes[Int(row)])]
    }
  }
}

/// A part of a key: a column of texts, or the number of a bucket.
enum KeyPart: Sendable {
  case text(TextSource)
  case buckets(NumberSource, Buckets)

  init(_ log: ImpressionLog, _ name: String, _ buckets: [Buckets]) throws(RankingDataError) {
    if let buckets = buckets.first(where: { $0.name == name }) {
      self = .buckets(try NumberSource(log, name), buckets)
    } else {
      self = .text(try TextSource(log, name))
    }
  }

  /// The place of a row's value among the distinct ones, or -1.
  func place(_ row: Int32) -> Int32 {
    switch self {
    case .text(let source): source.place(row)
    case .buckets(let values, let buckets): buckets.row(of: values[row])
    }
  }

  /// The text of a place; empty where the value is missing.
  func text(_ place: Int32) -> String {
    switch self {
    case .text(let source): place < 0 ? "" : source.texts[Int(place)]
    case .buckets: Buckets.id(place)
    }
  }

  /// What a function makes of the text of each place.
  func table<Value>(_ value: (String) -> Value) -> [Value] {
    switch self {
    case .text(let source): source.texts.map(value)
    case .buckets(_, let buckets): (0..<Int32(buckets.count)).map { value(Buckets.id($0)) }
    }
  }
}
