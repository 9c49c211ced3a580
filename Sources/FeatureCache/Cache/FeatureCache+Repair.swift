import Glibc

/// What a repair has kept and lost.
package struct RepairReport: Sendable {
  package internal(set) var shards = 0
  package internal(set) var rows = 0
  /// Damaged rows that were dropped; extracting again refills them.
  package internal(set) var lostRows = 0
  /// Links to vectors that are lost.
  package internal(set) var lostLinks = 0
  /// What was found damaged.
  package internal(set) var problems: [FeatureCacheError] = []
}

extension FeatureCache {
  /// Rebuilds the index and the item table from the shards, leaving out what is damaged.
  ///
  /// Every row is read and checked. The new index replaces the old one in one step; handles that
  /// are open keep the old one. What a damaged sidecar held is saved through the old index where
  /// that is sound.
  ///
  /// - Parameter descriptor: replaces a `cache.json` that is missing or damaged; the shards must
  ///   have been written with it.
  package static func rebuildIndex(
    at path: String, descriptor given: FeatureCacheDescriptor? = nil
  ) throws(FeatureCacheError) -> RepairReport {
    let folder = Folder(path)
    let descriptor = try restoredDescriptor(folder, given)
    let lock = try WriterLock(folder)
    defer { _ = lock }
    try removeTemporaries(in: folder)
    let oldIndex = Folder(folder.file(indexFolder))
    let newIndex = Folder(folder.temporary(indexFolder))
    try newIndex.create()
    let bytes = fileLength(oldIndex.file(IndexHeader.dataFile)) ?? 0
    try IndexEnvironment.create(newIndex, mapBytes: max(1 << 26, 2 * bytes))
    var report = RepairReport()
    var damagedSidecars: [UInt32] = []
    do {
      let index = try IndexRegistry.environment(newIndex, initialMapBytes: 1 << 26)
      damagedSidecars = try refill(index, folder, descriptor, &report)
      try rescue(damagedSidecars, from: oldIndex, into: index, folder, descriptor, &report)
    }
    let retired = folder.file(indexFolder + ".old")
    if folder.contains(indexFolder), rename(oldIndex.path, retired) != 0 {
      throw OpenFile.writeFailure(oldIndex.path, "rename", errno, needed: 0)
    }
    try folder.publish(indexFolder)
    try folder.synchronize()
    try folder.remove(indexFolder + ".old")
    // Their rows are lost or moved; the files would only be reported again.
    for number in damagedSidecars {
      try folder.remove(ShardName.sidecar(number))
      try folder.remove(ShardName.vectors(number))
    }
    try folder.synchronize()
    return report
  }

  private static func restoredDescriptor(
    _ folder: Folder, _ given: FeatureCacheDescriptor?
  ) throws(FeatureCacheError) -> FeatureCacheDescriptor {
    do throws(FeatureCacheError) {
      let descriptor = try DescriptorFile.read(from: folder)
      if let given { try descriptor.check(against: given, path: folder.path) }
      return descriptor
    } catch {
      guard let given, error.code == .notFound || error.code == .damagedDescriptor else {
        throw error
      }
      // A sound sidecar carries the fingerprint of the descriptor that it was written with.
      for number in try ShardListing(folder).sidecars {
        _ = try Sidecar.read(number, from: folder, fingerprint: given.fingerprint)
      }
      try DescriptorFile.write(given, to: folder)
      return given
    }
  }

  /// Enters every sound sidecar; returns the numbers of the others.
  private static func refill(
    _ index: IndexEnvironment, _ folder: Folder, _ descriptor: FeatureCacheDescriptor,
    _ report: inout RepairReport
  ) throws(FeatureCacheError) -> [UInt32] {
    let files = try ShardListing(folder)
    var damaged: [UInt32] = []
    for number in Set(files.sidecars).union(files.vectors).sorted() {
      let sidecar: Sidecar
      let checksum: UInt64
      do throws(FeatureCacheError) {
        (sidecar, checksum) = try Sidecar.read(
          number, from: folder, fingerprint: descriptor.fingerprint)
      } catch {
        report.problems.append(error)
        damaged.append(number)
        continue
      }
      let dropped = damagedRows(sidecar, folder, descriptor, &report)
      var omitted = 0
      try index.write { transaction throws(FeatureCacheError) in
        omitted = try transaction.apply(
          sidecar, checksum: checksum, dropping: dropped, checkingLinks: true)
      }
      report.shards += 1
      report.rows += sidecar.rows.count - dropped.count
      report.lostRows += dropped.count
      report.lostLinks += omitted
    }
    return damaged
  }

  private static func damagedRows(
    _ sidecar: Sidecar, _ folder: Folder, _ descriptor: FeatureCacheDescriptor,
    _ report: inout RepairReport
  ) -> Set<Int> {
    guard !sidecar.rows.isEmpty else { return [] }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: descriptor.rowByteCount, alignment: 16)
    defer { buffer.deallocate() }
    var damaged: Set<Int> = []
    do throws(FeatureCacheError) {
      let shard = try ShardFile(
        sidecar.shard, rows: sidecar.rows.count, folder: folder, descriptor: descriptor)
      for (index, row) in sidecar.rows.enumerated() {
        try shard.read(rows: index..<index + 1, into: buffer)
        guard Checksum.of(UnsafeRawBufferPointer(buffer)) != row.checksum else { continue }
        damaged.insert(index)
        report.problems.append(.damagedRow(shard.path, row: index, key: row.key))
      }
      return damaged
    } catch {
      report.problems.append(error)
      return Set(sidecar.rows.indices)
    }
  }

  /// Moves what the old index still knows about shards with damaged sidecars into a new shard.
  private static func rescue(
    _ numbers: [UInt32], from oldIndex: Folder, into index: IndexEnvironment, _ folder: Folder,
    _ descriptor: FeatureCacheDescriptor, _ report: inout RepairReport
  ) throws(FeatureCacheError) {
    guard !numbers.isEmpty,
      let old = try? FeatureCache.reader(folder, descriptor, index: oldIndex)
    else { return }
    let batch = try old.rescued(Set(numbers), &report)
    guard !batch.isEmpty else { return }
    let number = max(try ShardListing(folder).largest, try old.index.shards().keys.max() ?? 0) + 1
    let published = try batch.publish(as: number, in: folder, descriptor)
    try index.write { transaction throws(FeatureCacheError) in
      _ = try transaction.apply(
        published.sidecar, checksum: published.checksum, checkingLinks: true)
    }
    report.shards += 1
    report.rows += published.sidecar.rows.count
  }

  /// The sound rows of some shards, and the links that were written with them or refer to them.
  private func rescued(_ numbers: Set<UInt32>, _ report: inout RepairReport)
    throws(FeatureCacheError) -> Batch
  {
    var batch = Batch()
    var rows: [Row] = []
    var links: [ItemLink] = []
    try index.read { transaction throws(FeatureCacheError) in
      try transaction.forEachRow { key, location throws(FeatureCacheError) in
        if numbers.contains(location.shard) { rows.append(Row(key: key, location: location)) }
      }
      // All links, as a damaged sidecar may have held links to vectors of other shards. They are
      // the newest state, so entering them again changes nothing else.
      try transaction.forEachLink { link throws(FeatureCacheError) in links.append(link) }
    }
    for row in rows {
      do throws(FeatureCacheError) {
        try withBytes(of: row) { batch.add(row.key, row: $0) }
      } catch {
        report.lostRows += 1
        report.problems.append(error)
      }
    }
    for link in links { batch.link(link.item, to: link.key) }
    return batch
  }
}
