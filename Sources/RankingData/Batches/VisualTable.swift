/// Visual feature vectors by item: what rankers and slates see of a feature cache.
public struct VisualTable: Sendable {
  /// Item ids, in row order: of items that share a row, one.
  public let ids: [String]
  /// Numbers in a vector.
  public let width: Int
  /// `[ids.count, width]`, row-major.
  public let vectors: [Float]
  private let rows: [String: Int32]

  /// A table without vectors.
  public static let empty = VisualTable(ids: [], width: 0, vectors: [])

  /// Creates a table. Where an id occurs twice, its first vector counts.
  public init(ids: [String], width: Int, vectors: [Float]) {
    precondition(
      vectors.count == ids.count * width,
      "\(ids.count) vectors of width \(width) need \(ids.count * width) numbers, "
        + "not \(vectors.count).")
    self.ids = ids
    self.width = width
    self.vectors = vectors
    rows = Dictionary(
      zip(ids, (0..<Int32(clamping: ids.count))), uniquingKeysWith: { first, _ in first })
  }

  /// Creates a table in which several items may share a vector, as they do where they show the same
  /// picture.
  ///
  /// - Parameters:
  ///   - rows: the row of every item, each in `0 ..< ids.count`.
  ///   - ids: one item for each row.
  package init(rows: [String: Int32], ids: [String], width: Int, vectors: [Float]) {
    precondition(
      vectors.count == ids.count * width
        && rows.values.allSatisfy { ids.indices.contains(Int($0)) },
      "\(rows.count) items for \(ids.count) rows of width \(width) with \(vectors.count) numbers.")
    self.ids = ids
    self.width = width
    self.vectors = vectors
    self.rows = rows
  }

  /// Number of vectors.
  public var count: Int { ids.count }

  /// The row of an item, or -1 when it has no image. O(1).
  public func row(of id: String) -> Int32 { rows[id] ?? -1 }

  /// The vector in a row.
  public func vector(_ row: Int32) -> ArraySlice<Float> {
    vectors[Int(row) * width..<(Int(row) + 1) * width]
  }

  /// The mean of at most `limit` evenly spaced vectors, those that are not finite left out; nil
  /// where none is left. O(count · width).
  package func mean(of limit: Int = .max) -> [Float]? {
    var sums = [Double](repeating: 0, count: width)
    var found = 0.0
    for row in stride(from: 0, to: count, by: max(1, count / limit)) {
      let vector = vector(Int32(row))
      guard vector.allSatisfy(\.isFinite) else { continue }
      for (column, value) in vector.enumerated() { sums[column] += Double(value) }
      found += 1
    }
    return found > 0 ? sums.map { Float($0 / found) } : nil
  }
}
