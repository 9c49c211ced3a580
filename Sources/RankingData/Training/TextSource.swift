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

  /// The places of some rows.
  func places(_ rows: ArraySlice<Int32>) -> [Int32] {
    let codes = unsafe codes.withUnsafeBufferPointer { codes in
      rows.map { row in unsafe codes[Int(row)] }
    }
    return byItem.map { byItem in codes.map { byItem[Int($0)] } } ?? codes
  }
}
