import Glibc

extension FeatureCache {
  /// Rebuilds the index and the item table from the shards, leaving out what is damaged.
  ///
  /// Every row is read and checked. The new index replaces the old one in one step; handles that
  /// are open keep the old one. What a damaged sidecar held is saved through the old index where
  /// that is sound. Nothing is destroyed: damaged shards are renamed to `*.damaged`.
  ///
  /// - Parameter candidates: what may have filled the cache. One of them replaces a `cache.json`
  ///   that is missing or damaged: the one that the sound shards were written with.
  /// - Throws: `descriptorMismatch` for a cache, or a shard in it, that is of none of them;
  ///   `writerBusy`; and whatever keeps a sound file from being read, before anything is changed.
  package static func rebuildIndex(
    at path: String, descriptors candidates: [FeatureCacheDescriptor] = []
  ) throws(FeatureCacheError) -> RepairReport {
    let folder = Folder(path)
    let description = try description(of: folder, candidates: candidates)
    try refuseNetworkFileSystem(folder.path)
    let lock = try WriterLock(folder)
    defer { _ = lock }
    try clearRemains(in: folder)
    if description.isRestored { try DescriptorFile.write(description.descriptor, to: folder) }
    let oldIndex = Folder(folder.file(indexFolder))
    let newIndex = Folder(folder.temporary(indexFolder))
    try newIndex.create()
    let bytes = fileLength(oldIndex.file(IndexHeader.dataFile)) ?? 0
    try IndexEnvironment.create(newIndex, mapBytes: max(1 << 26, 2 * bytes))
    var (report, damaged, replaced) = try rebuild(
      newIndex, from: oldIndex, folder, description.descriptor)
    let retired = folder.file(retiredIndex)
    if folder.contains(indexFolder), rename(oldIndex.path, retired) != 0 {
      throw OpenFile.writeFailure(oldIndex.path, "rename", errno, needed: 0)
    }
    try folder.publish(indexFolder)
    try folder.synchronize()
    try folder.remove(retiredIndex)
    // In place they would be reported, and read, again and again.
    for number in damaged {
      for name in [ShardName.sidecar(number), ShardName.vectors(number)]
      where folder.contains(name) {
        report.setAside.append(try folder.setAside(name))
      }
    }
    for number in replaced { try removeFiles(of: number, in: folder) }
    try folder.synchronize()
    return report
  }

  /// Fills the new index; both are closed when this returns, as the folders are renamed then.
  private static func rebuild(
    _ newIndex: Folder, from oldIndex: Folder, _ folder: Folder,
    _ descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) -> (
    report: RepairReport, damaged: [UInt32], replaced: Set<UInt32>
  ) {
    let index = try IndexRegistry.environment(newIndex, initialMapBytes: 1 << 26)
    var rebuild = IndexRebuild(index, folder: folder, descriptor: descriptor)
    try rebuild.openOld(oldIndex)
    try rebuild.refill()
    try rebuild.rescue()
    return (rebuild.report, rebuild.damaged, rebuild.retired)
  }
}
