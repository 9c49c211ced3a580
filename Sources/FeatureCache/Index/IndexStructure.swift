/// Checks a whole LMDB file before LMDB walks it. LMDB trusts its pages: a flipped bit in a page
/// header or node makes it read out of bounds, abort, or hand a page in use to the writer. This
/// walk reaches each page once, by its own bounded reads, and compares structure, key order,
/// counts, free list and the checksum of every record. It costs about a microsecond a page.
struct IndexStructure: ~Copyable {
  private let file: OpenFile
  private let pageSize: Int
  private let meta: IndexHeader.Meta
  /// One bit a page: reached by a tree, or on the free list.
  private var seen: [UInt64]

  /// What a walk over one tree has counted.
  private struct Tally {
    var branchPages: UInt64 = 0
    var leafPages: UInt64 = 0
    var overflowPages: UInt64 = 0
    var entries: UInt64 = 0
    var lastKey: [UInt8]?
    /// The separator above the next leaf, which its first key must not be below.
    var bound: [UInt8]?
  }

  typealias Visit = (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool

  private init(_ file: consuming OpenFile, pageSize: Int, meta: IndexHeader.Meta) {
    self.file = file
    self.pageSize = pageSize
    self.meta = meta
    seen = [UInt64](repeating: 0, count: Int(meta.lastPage) / 64 + 1)
    seen[0] = 3  // The two meta pages.
  }

  /// Checks the commit that a read transaction sees; the transaction keeps its pages from being
  /// reused meanwhile. Returns false when that commit's meta page has been replaced already.
  static func check(
    _ folder: Folder, _ identity: IndexIdentity, transaction: UInt64
  ) throws(FeatureCacheError) -> Bool {
    let file = try IndexHeader.open(folder, identity)
    let header = try IndexHeader.read(file)
    guard let meta = try header.meta(of: transaction, in: file) else { return false }
    try header.checkPageCount(of: meta, in: file)
    var structure = IndexStructure(file, pageSize: header.pageSize, meta: meta)
    try structure.checkAll()
    return true
  }

  private mutating func checkAll() throws(FeatureCacheError) {
    let freePages = try freeList()
    var trees: [String: IndexHeader.Tree] = [:]
    try walk(meta.main, treesAllowed: true) { key, value in
      guard let tree = IndexHeader.Tree(value) else { return false }
      trees[String(decoding: key, as: UTF8.self)] = tree
      return true
    }
    guard trees.count == IndexTable.allCases.count else { throw damage("unknown tables") }
    var rows: [UInt32: UInt32] = [:]
    for table in IndexTable.allCases {
      guard let tree = trees[table.rawValue], tree.flags == 0, tree.pad == 0 else {
        throw damage("the table \(table) is not valid")
      }
      try walk(tree, treesAllowed: false) { key, value in
        switch table {
        case .shards:
          guard let shard = ShardEntry(record: value, key: key) else { return false }
          rows[shard.number] = shard.rows
          return true
        case .keys:
          guard let location = RowLocation(record: value, key: key) else { return false }
          return location.row < rows[location.shard] ?? 0
        case .items:
          return ItemLink(record: value, indexKey: key) != nil
        }
      }
    }
    for page in freePages { try mark(page, "on the free list") }
  }

  /// The pages on the free list; each record holds a count and page numbers, largest first.
  private mutating func freeList() throws(FeatureCacheError) -> [UInt64] {
    var pages: [UInt64] = []
    try walk(meta.free, treesAllowed: false, integerKeys: true) { key, value in
      var reader = ByteReader(value)
      guard key.count == 8, let count = reader.next(UInt64.self),
        count <= UInt64(reader.remaining / 8)
      else { return false }
      var last = UInt64.max
      for _ in 0..<count {
        guard let page = reader.next(UInt64.self), page < last else { return false }
        last = page
        pages.append(page)
      }
      return true
    }
    return pages
  }

  private mutating func walk(
    _ tree: IndexHeader.Tree, treesAllowed: Bool, integerKeys: Bool = false, _ visit: Visit
  ) throws(FeatureCacheError) {
    var tally = Tally()
    if tree.depth > 0 {
      guard tree.depth <= 32 else { throw damage("a tree of depth \(tree.depth)") }
      try walk(
        tree.root, depth: Int(tree.depth), treesAllowed: treesAllowed, integerKeys: integerKeys,
        &tally, visit)
    } else if tree.root != IndexHeader.Tree.noRoot {
      throw damage("an empty tree with a root")
    }
    guard tally.branchPages == tree.branchPages, tally.leafPages == tree.leafPages,
      tally.overflowPages == tree.overflowPages, tally.entries == tree.entries
    else { throw damage("a tree's counts do not match its pages") }
  }

  private mutating func walk(
    _ number: UInt64, depth: Int, treesAllowed: Bool, integerKeys: Bool, _ tally: inout Tally,
    _ visit: Visit
  ) throws(FeatureCacheError) {
    try mark(number, "in a tree")
    let storage = try pages(number, count: 1)
    defer { storage.deallocate() }
    guard let page = IndexPage(UnsafeRawBufferPointer(storage), number: number),
      page.isLeaf == (depth == 1)
    else { throw damage("page \(number) is not valid") }
    if page.isLeaf { tally.leafPages += 1 } else { tally.branchPages += 1 }
    for (index, node) in page.nodes.enumerated() {
      // The first key of a branch page is never compared and may be anything.
      if page.isLeaf || index > 0 {
        guard (1...511).contains(node.key.count),
          tally.lastKey.map({ precedes($0, node.key, integerKeys) }) ?? true
        else { throw damage("the keys of page \(number) are out of order") }
      }
      if page.isLeaf {
        if let bound = tally.bound.take(), precedes(node.key, bound, integerKeys) {
          throw damage("page \(number) lies outside its parent's bounds")
        }
        tally.entries += 1
        tally.lastKey = Array(node.key)
        try visitLeaf(node, on: number, treesAllowed: treesAllowed, &tally, visit)
      } else {
        if index > 0 { tally.bound = Array(node.key) }
        try walk(
          node.page, depth: depth - 1, treesAllowed: treesAllowed, integerKeys: integerKeys,
          &tally, visit)
      }
    }
  }

  private mutating func visitLeaf(
    _ node: IndexPage.Node, on number: UInt64, treesAllowed: Bool, _ tally: inout Tally,
    _ visit: Visit
  ) throws(FeatureCacheError) {
    guard node.isTree == treesAllowed else { throw damage("page \(number) has an unknown record") }
    var isValid: Bool
    if node.isLong {
      let count = (node.valueCount + 16 + pageSize - 1) / pageSize
      for page in 0..<UInt64(count) { try mark(node.page &+ page, "in a long value") }
      tally.overflowPages += UInt64(count)
      let storage = try pages(node.page, count: count)
      defer { storage.deallocate() }
      var reader = ByteReader(UnsafeRawBufferPointer(storage))
      isValid =
        reader.next(UInt64.self) == node.page && reader.next(UInt16.self) != nil
        && reader.next(UInt16.self) == 4 && reader.next(UInt32.self) == UInt32(count)
      if isValid, let value = reader.next(count: node.valueCount) {
        isValid = visit(node.key, value)
      }
    } else {
      isValid = visit(node.key, node.value)
    }
    guard isValid else { throw damage("a record of page \(number) fails its checksum") }
  }

  /// LMDB compares the free list's keys as integers and all others as bytes.
  private func precedes(
    _ left: some BidirectionalCollection<UInt8>, _ right: some BidirectionalCollection<UInt8>,
    _ integers: Bool
  ) -> Bool {
    integers
      ? left.reversed().lexicographicallyPrecedes(right.reversed())
      : left.lexicographicallyPrecedes(right)
  }

  private mutating func mark(_ page: UInt64, _ place: String) throws(FeatureCacheError) {
    guard page >= 2, page <= meta.lastPage else { throw damage("page \(page) \(place) is no page") }
    let word = Int(page / 64)
    let bit = UInt64(1) << (page % 64)
    guard seen[word] & bit == 0 else { throw damage("page \(page) \(place) is used twice") }
    seen[word] |= bit
  }

  private func pages(_ number: UInt64, count: Int) throws(FeatureCacheError)
    -> UnsafeMutableRawBufferPointer
  {
    let storage = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * pageSize, alignment: 16)
    let isComplete: Bool
    do {
      isComplete = try file.read(at: Int(number) * pageSize, into: storage) == storage.count
    } catch {
      storage.deallocate()
      throw error
    }
    guard isComplete else {
      storage.deallocate()
      throw damage("the file is cut short at page \(number)")
    }
    return storage
  }

  private func damage(_ why: String) -> FeatureCacheError { .damagedIndex(file.path, why) }
}
