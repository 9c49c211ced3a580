import Tensors

/// The rows of one field on their way into another table.
struct SectionTransfer {
  private let old: [Scalar]
  private let fresh: [Scalar]
  private let width: Int
  /// For each new row its old one, or -1.
  private let rows: [Int32]
  /// `[rows, width]`: the new rows.
  private(set) var values: [Scalar]

  init(old: [Scalar], new: [Scalar], width: Int, rows: [Int32]) {
    self.old = old
    fresh = new
    self.width = width
    self.rows = rows
    values = new
  }

  /// Copies the rows that are known and makes up the others.
  mutating func fill(
    _ ids: TableIds, random: inout RandomStream, _ groupOf: (_ id: String) -> String?
  ) {
    var names: [String] = []
    if case .ids(let all) = ids { names = all }
    func group(ofRow row: Int) -> String? {
      row > 0 && row <= names.count ? groupOf(names[row - 1]) : nil
    }
    // Row 0 is what is left of all ids: it says little about any.
    let count = old.count / width
    let (mean, deviation) = moments(of: (count > 1 ? 1 : 0)..<count)
    var sums: [String: (sum: [Double], count: Int)] = [:]
    for (row, source) in rows.enumerated() where source >= 0 {
      let place = Int(source) * width
      values.replaceSubrange(row * width..<(row + 1) * width, with: old[place..<place + width])
      guard let group = group(ofRow: row) else { continue }
      var entry = sums[group] ?? ([Double](repeating: 0, count: width), 0)
      for column in 0..<width { entry.sum[column] += Double(old[place + column]) }
      entry.count += 1
      sums[group] = entry
    }
    for (row, source) in rows.enumerated() where source < 0 {
      let known = group(ofRow: row).flatMap { sums[$0] }
      for column in 0..<width {
        let centre = known.map { $0.sum[column] / Double($0.count) } ?? mean[column]
        values[row * width + column] = Scalar(
          centre + 0.1 * deviation[column] * Double(random.nextNormal()))
      }
    }
  }

  /// Mean and deviation of each column of the old rows.
  private func moments(of range: Range<Int>) -> (mean: [Double], deviation: [Double]) {
    var (sum, squares) = (
      [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
    )
    for row in range {
      for column in 0..<width {
        let value = Double(old[row * width + column])
        sum[column] += value
        squares[column] += value * value
      }
    }
    let count = Double(max(range.count, 1))
    let mean = sum.map { $0 / count }
    return (mean, zip(squares, mean).map { max(0, $0 / count - $1 * $1).squareRoot() })
  }

  /// Brings the mean length of the mapped rows to that of the fresh ones where they differ by more than
  /// a factor of 2.
  mutating func rescale() -> Double? {
    func norm(_ table: [Scalar], _ row: Int) -> Double {
      table[row * width..<(row + 1) * width].reduce(0) { $0 + Double($1) * Double($1) }
        .squareRoot()
    }
    let mapped = rows.indices.filter { $0 > 0 && rows[$0] >= 0 }
    guard !mapped.isEmpty else { return nil }
    let found = mapped.reduce(0) { $0 + norm(values, $1) } / Double(mapped.count)
    let wanted = mapped.reduce(0) { $0 + norm(fresh, $1) } / Double(mapped.count)
    guard found > 0, wanted > 0, !(0.5...2).contains(found / wanted) else { return nil }
    let factor = wanted / found
    for index in values.indices { values[index] *= Scalar(factor) }
    return factor
  }

  /// Share of the ten nearest neighbours by cosine that mapped rows have before and after, over at most
  /// 200 of them among at most 2000.
  func neighbourOverlap() -> Double? {
    let mapped = Array(rows.indices.filter { $0 > 0 && rows[$0] >= 0 }.prefix(2000))
    guard mapped.count >= 12, width > 1 else { return nil }
    let before = mapped.map { direction(old, Int(rows[$0])) }
    let after = mapped.map { direction(values, $0) }
    let asked = mapped.indices.prefix(200)
    let kept = asked.reduce(0) { total, place in
      total + Self.nearest(place, before).intersection(Self.nearest(place, after)).count
    }
    return Double(kept) / Double(10 * asked.count)
  }

  private func direction(_ table: [Scalar], _ row: Int) -> [Double] {
    let vector = table[row * width..<(row + 1) * width].map { Double($0) }
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? vector.map { $0 / norm } : vector
  }

  private static func nearest(_ place: Int, _ vectors: [[Double]]) -> Set<Int> {
    let own = vectors[place]
    let near = vectors.indices.filter { $0 != place }.map { other -> (Double, Int) in
      // Rounded, so that a rescaled tie stays a tie.
      ((zip(own, vectors[other]).reduce(0) { $0 + $1.0 * $1.1 } * 1e5).rounded(), other)
    }
    return Set(near.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.prefix(10).map(\.1))
  }
}
