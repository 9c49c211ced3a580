/// The fitted buckets of a numeric field: a number becomes the row of its interval, as if that were
/// an id.
public struct Buckets: Sendable, Hashable, Codable {
  /// Column name.
  public let name: String
  /// Ascending; row 1 lies below the first, the last row from the last on.
  public let edges: [Double]

  /// Fits the buckets to training values; NaN is missing. O(n log n) where the edges are not given.
  public init(name: String, rule: BucketRule, values: some Sequence<Double>) {
    self.name = name
    switch rule {
    case .edges(let edges): self.edges = edges
    case .equalMass(let count):
      let sorted = values.filter { !$0.isNaN }.sorted()
      var edges: [Double] = []
      for bucket in 1..<max(2, count) where !sorted.isEmpty {
        // Ties fall to one side; an edge at the least value would leave nothing below it.
        let edge = sorted[min(bucket * sorted.count / count, sorted.count - 1)]
        if edge > edges.last ?? sorted[0] { edges.append(edge) }
      }
      self.edges = edges
    }
  }

  /// The name of the field in a layout: the number itself may be a field, too.
  var layoutName: String { "buckets of \(name)" }

  /// Number of rows, that of missing values included.
  public var count: Int { edges.count + 2 }

  /// The row of a number, 0 for NaN. O(log edges).
  public func row(of value: Double) -> Int32 {
    if value.isNaN { return 0 }
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return Int32(truncatingIfNeeded: low + 1)
  }

  /// The row as a part of a key; empty for a missing value.
  static func id(_ row: Int32) -> String { row == 0 ? "" : String(row) }
}

extension Buckets {
  private enum CodingKeys: String, CodingKey { case name, edges }

  /// Decodes buckets.
  /// - Throws: `DecodingError` where the edges do not ascend.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    edges = try container.decode([Double].self, forKey: .edges)
    guard zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .edges, in: container, debugDescription: "The edges do not ascend.")
    }
  }
}
