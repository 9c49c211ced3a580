/// The items of one commit in the byte order of their ids, one at a time.
struct ItemStream {
  /// Ids that the index keeps by their digest, and so out of order. They are rare.
  private let longLinks: [ItemLink]
  /// Bytes of all ids.
  let idBytes: Int

  init(_ transaction: borrowing IndexTransaction) throws(FeatureCacheError) {
    var long: [ItemLink] = []
    var bytes = 0
    try transaction.forEach(.items) { key, value throws(FeatureCacheError) in
      guard key.first == 1 else {
        bytes += key.count - 1
        return
      }
      let link = try transaction.link(key, value)
      bytes += link.item.bytes.count
      long.append(link)
    }
    longLinks = long.sorted { $0.item < $1.item }
    idBytes = bytes
  }

  /// Calls `body` with every item and where its vector is stored.
  ///
  /// - Complexity: the memory of one item, and of the ids longer than `ItemID.longestLiteral`.
  func forEach(
    _ transaction: borrowing IndexTransaction,
    _ body: (ItemID, FeatureCache.Row) throws(FeatureCacheError) -> Void
  ) throws(FeatureCacheError) {
    var next = 0
    try transaction.forEach(.items) { key, value throws(FeatureCacheError) in
      guard key.first == 0 else { return }
      let link = try transaction.link(key, value)
      while next < longLinks.count, longLinks[next].item < link.item {
        try body(longLinks[next].item, transaction.row(of: longLinks[next]))
        next += 1
      }
      try body(link.item, transaction.row(of: link))
    }
    for link in longLinks[next...] { try body(link.item, transaction.row(of: link)) }
  }
}

extension IndexTransaction {
  func link(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(FeatureCacheError) -> ItemLink {
    guard let link = ItemLink(record: value, indexKey: key) else {
      throw .damagedIndex(path, "an item record fails its checksum")
    }
    return link
  }

  /// Where the vector of an item is stored.
  func row(of link: ItemLink) throws(FeatureCacheError) -> FeatureCache.Row {
    guard let location = try location(of: link.key) else {
      throw .damagedIndex(
        path, "item \(link.item.text.debugDescription) refers to the missing key \(link.key)")
    }
    return FeatureCache.Row(key: link.key, location: location)
  }
}
