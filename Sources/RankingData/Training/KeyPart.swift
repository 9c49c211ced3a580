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

  /// The places of some rows.
  func places(_ rows: ArraySlice<Int32>) -> [Int32] {
    switch self {
    case .text(let source): source.places(rows)
    case .buckets(let values, let buckets): values.gather(rows).map(buckets.row)
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
