/// A column of variable-length lists of rows, as embedding bags take it.
///
/// Row `i` holds `values[offsets[i] ..< offsets[i + 1]]`.
public struct Bag: Sendable, Hashable {
  /// Concatenated lists.
  public var values: [Int32]
  /// `count + 1` ascending positions in `values`, from 0.
  public var offsets: [Int32]

  /// Creates a bag from its two arrays.
  public init(values: [Int32], offsets: [Int32]) {
    precondition(
      offsets.first == 0 && offsets.last.map(Int.init) == values.count,
      "A bag of \(values.count) values needs offsets from 0 to \(values.count), not "
        + "\(offsets.first ?? -1) to \(offsets.last ?? -1).")
    self.values = values
    self.offsets = offsets
  }

  /// Creates a bag of `count` empty lists.
  public init(emptyLists count: Int = 0) {
    values = []
    offsets = [Int32](repeating: 0, count: count + 1)
  }

  /// Creates a bag from lists.
  public init(_ lists: [[Int32]]) {
    values = lists.flatMap { $0 }
    offsets = [0]
    offsets.reserveCapacity(lists.count + 1)
    for list in lists { offsets.append(offsets[offsets.count - 1] + Int32(list.count)) }
  }

  /// Number of lists.
  public var count: Int { offsets.count - 1 }

  /// The positions in `values` of list `index`.
  public func range(of index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  /// List `index`.
  public subscript(index: Int) -> ArraySlice<Int32> { values[range(of: index)] }

  /// Appends one list. Amortized O(length).
  public mutating func append(_ list: some Sequence<Int32>) {
    values.append(contentsOf: list)
    offsets.append(Int32(values.count))
  }

  /// Forgets all lists, and keeps the memory.
  mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
  }
}
