/// One repair at work: fills a new index from the sidecars, and from the old index where a sidecar
/// is damaged.
struct IndexRebuild {
  let index: IndexEnvironment
  let folder: Folder
  let descriptor: FeatureCacheDescriptor
  /// Nil where the old index is missing or damaged.
  private(set) var old: FeatureCache?
  /// The shards that the old index knows.
  private(set) var known: Set<UInt32> = []
  /// Shards that a compaction has replaced, which nothing may be taken from.
  private(set) var retired: Set<UInt32> = []
  /// Items that commits later than the old index have linked.
  private(set) var relinked: Set<ItemID> = []
  /// Shards whose sidecar is missing or damaged.
  private(set) var damaged: [UInt32] = []
  private var lost: Set<ItemID> = []
  private(set) var report = RepairReport()

  init(_ index: IndexEnvironment, folder: Folder, descriptor: FeatureCacheDescriptor) {
    self.index = index
    self.folder = folder
    self.descriptor = descriptor
  }

  /// Opens the old index, which need not be there.
  mutating func openOld(_ oldIndex: Folder) throws(FeatureCacheError) {
    do throws(FeatureCacheError) {
      let cache = try FeatureCache.reader(folder, descriptor, index: oldIndex)
      let shards = try cache.index.shards()
      known = Set(shards.keys)
      retired = Set(shards.values.filter(\.isRetired).map(\.number))
      old = cache
    } catch {
      guard error.code != .indexMissing else { return }
      guard error.code == .damagedIndex else { throw error }
      report.problems.append(error)
    }
  }

  /// Enters every sound sidecar, in the order of the commits.
  mutating func refill() throws(FeatureCacheError) {
    let newest = known.max() ?? 0
    for number in try ShardListing(folder).numbers where !retired.contains(number) {
      let sidecar: Sidecar
      let checksum: UInt64
      do throws(FeatureCacheError) {
        (sidecar, checksum) = try Sidecar.read(
          number, from: folder, fingerprint: descriptor.fingerprint)
      } catch {
        switch error.code {
        case .damagedShard: report.problems.append(error)
        case .notFound: report.problems.append(.damagedShard(error.path, "the sidecar is missing"))
        // The shard may be sound; the repair must not go on as if it were not there.
        default: throw error
        }
        damaged.append(number)
        continue
      }
      try enter(sidecar, checksum: checksum)
      if number > newest { relinked.formUnion(sidecar.links.map(\.item)) }
    }
  }

  /// Enters a sidecar without the rows that are damaged.
  mutating func enter(_ sidecar: Sidecar, checksum: UInt64) throws(FeatureCacheError) {
    let dropped = try damagedRows(of: sidecar)
    var omitted: Set<ItemID> = []
    try index.write { transaction throws(FeatureCacheError) in
      omitted = try transaction.apply(
        sidecar, checksum: checksum, dropping: dropped, checkingLinks: true)
    }
    lost.subtract(sidecar.links.map(\.item))
    lost.formUnion(omitted)
    report.shards += 1
    report.rows += sidecar.rows.count - dropped.count
    report.lostRows += dropped.count
    report.lostLinks = lost.count
  }

  mutating func lose(_ rows: Int, _ problem: FeatureCacheError? = nil) {
    report.lostRows += rows
    // A shard that does not open says so once, not once a row.
    if let problem, report.problems.last != problem { report.problems.append(problem) }
  }

  private mutating func damagedRows(of sidecar: Sidecar) throws(FeatureCacheError) -> Set<Int> {
    do throws(FeatureCacheError) {
      let damaged = try sidecar.damagedRows(in: folder, descriptor)
      report.problems += damaged.sorted { $0.key < $1.key }.map(\.value)
      return Set(damaged.keys)
    } catch {
      guard error.code == .damagedShard else { throw error }
      report.problems.append(error)
      return Set(sidecar.rows.indices)
    }
  }
}
