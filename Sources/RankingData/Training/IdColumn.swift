/// A categorical field over the rows of a log: rows of its vocabulary, looked up when they are
/// gathered.
enum IdColumn: Sendable {
  /// A row of the vocabulary for each code.
  case coded(Column<Int32>, [Int32])
  case buckets(NumberSource, Buckets)
  case cross(CrossColumn)

  /// Looks up some rows. O(rows).
  func gather(_ rows: ArraySlice<Int32>) -> [Int32] {
    switch self {
    case .coded(let codes, let table):
      unsafe codes.withUnsafeBufferPointer { codes in
        rows.map { row in unsafe table[Int(codes[Int(row)])] }
      }
    case .buckets(let values, let buckets): values.gather(rows).map(buckets.row)
    case .cross(let cross): cross.gather(rows)
    }
  }
}

extension IdColumn {
  /// A column of ids, and its count of missing and unknown ones in a report.
  static func coded(
    _ source: TextSource, _ name: String, _ vocabulary: Vocabulary, _ report: inout FeatureReport
  ) -> IdColumn {
    let table = source.table { vocabulary.row(of: $0) }
    let isMissing = source.table(\.isEmpty)
    var missing = 0
    var unknown = 0
    for code in source.codes where table[Int(code)] == 0 {
      if isMissing[Int(code)] { missing += 1 } else { unknown += 1 }
    }
    report.add(missing: missing, unknown: unknown, of: name)
    return .coded(source.codes, table)
  }
}
