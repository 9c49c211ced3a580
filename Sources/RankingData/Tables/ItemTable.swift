/// Item ids and their dense rows, in order of first appearance.
public struct ItemTable: Sendable {
  /// Ids in row order.
  public private(set) var ids: [String] = []
  private var rows: [String: Int32] = [:]

  /// Creates an empty table.
  public init() {}

  /// Creates a table of the distinct ids in order of first appearance.
  public init(_ ids: some Sequence<String>) {
    for id in ids { insert(id) }
  }

  /// Number of items.
  public var count: Int { ids.count }

  /// The row of an item, or `nil` when it is not in the table. O(1).
  public func row(of id: String) -> Int32? { rows[id] }

  /// The row of an item, which is appended when it is new. Amortized O(1).
  @discardableResult
  public mutating func insert(_ id: String) -> Int32 {
    if let row = rows[id] { return row }
    let row = Int32(ids.count)
    rows[id] = row
    ids.append(id)
    return row
  }
}
