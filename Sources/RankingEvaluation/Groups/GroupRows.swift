/// The rows of each value of a column, the largest values by themselves and the rest together.
package struct GroupRows: Sendable, Hashable {
  /// The value's code; `nil` for the rest.
  package var code: Int32?
  /// The rows, ascending.
  package var rows: [Int32]

  /// Parts rows by their codes: the `limit` most frequent values, most frequent first (equal ones by
  /// code), then all others. O(n + codes log codes).
  /// - Throws: `EvaluationError` for negative codes.
  package static func parts(of codes: [Int32], limit: Int = 20) throws(EvaluationError)
    -> [GroupRows]
  {
    let members = try GroupMembers(codes)
    let sizes = (0..<members.count).map { members.starts[$0 + 1] - members.starts[$0] }
    let largest = sizes.indices.filter { sizes[$0] > 0 }
      .sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    var place = [Int](repeating: min(limit, largest.count), count: sizes.count)
    var parts = largest.prefix(limit).map { GroupRows(code: Int32($0), rows: []) }
    for (index, code) in largest.prefix(limit).enumerated() { place[code] = index }
    if largest.count > limit { parts.append(GroupRows(code: nil, rows: [])) }
    for (row, code) in codes.enumerated() { parts[place[Int(code)]].rows.append(Int32(row)) }
    return parts
  }
}
