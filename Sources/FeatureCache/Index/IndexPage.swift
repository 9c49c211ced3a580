/// One page of an LMDB tree, decoded with every offset checked.
struct IndexPage {
  struct Node {
    let key: UnsafeRawBufferPointer
    /// Branch: the child. Leaf with a long value: its first overflow page.
    let page: UInt64
    let flags: UInt16
    let valueCount: Int
    /// Empty for a long value.
    let value: UnsafeRawBufferPointer

    var isLong: Bool { flags == 1 }
    var isTree: Bool { flags == 2 }
  }

  let isLeaf: Bool
  let nodes: [Node]

  private static let headerSize = 16
  private static let nodeHeaderSize = 8

  /// Nil unless the bytes are a well-formed tree page with this number.
  init?(_ bytes: UnsafeRawBufferPointer, number: UInt64) {
    var reader = ByteReader(bytes)
    guard reader.next(UInt64.self) == number, reader.next(UInt16.self) != nil,
      let flags = reader.next(UInt16.self), let lower = reader.next(UInt16.self).map(Int.init),
      let upper = reader.next(UInt16.self).map(Int.init),
      flags == 1 || flags == 2, lower >= IndexPage.headerSize + 2, lower % 2 == 0, lower <= upper,
      upper <= bytes.count
    else { return nil }
    isLeaf = flags == 2
    let count = (lower - IndexPage.headerSize) / 2
    guard isLeaf || count >= 2 else { return nil }
    var nodes: [Node] = []
    nodes.reserveCapacity(count)
    // LMDB packs nodes without gaps between `upper` and the page's end: a writer relies on it.
    var used = 0
    for _ in 0..<count {
      guard let offset = reader.next(UInt16.self).map(Int.init), offset >= upper,
        let (node, size) = IndexPage.node(bytes, at: offset, isLeaf: isLeaf)
      else { return nil }
      used += size + size % 2
      nodes.append(node)
    }
    guard used == bytes.count - upper else { return nil }
    self.nodes = nodes
  }

  private static func node(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, isLeaf: Bool
  ) -> (Node, Int)? {
    guard offset % 2 == 0, offset < bytes.count else { return nil }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    guard let low = reader.next(UInt16.self), let high = reader.next(UInt16.self),
      let flags = reader.next(UInt16.self), let keyCount = reader.next(UInt16.self).map(Int.init),
      let key = reader.next(count: keyCount)
    else { return nil }
    let word = UInt64(low) | UInt64(high) << 16
    guard isLeaf else {
      let node = Node(
        key: key, page: word | UInt64(flags) << 32, flags: 0, valueCount: 0,
        value: UnsafeRawBufferPointer(rebasing: bytes[0..<0]))
      return (node, nodeHeaderSize + keyCount)
    }
    guard flags <= 2 else { return nil }
    let stored = flags == 1 ? 8 : Int(word)
    guard let value = reader.next(count: stored) else { return nil }
    var valueReader = ByteReader(value)
    let node = Node(
      key: key, page: flags == 1 ? valueReader.next(UInt64.self) ?? 0 : 0, flags: flags,
      valueCount: Int(word), value: value)
    return (node, nodeHeaderSize + keyCount + stored)
  }
}
