/// The shards that lie in a cache folder, whether the index knows them or not.
struct ShardListing {
  let sidecars: [UInt32]
  let vectors: Set<UInt32>

  init(_ folder: Folder) throws(FeatureCacheError) {
    let names = try folder.names()
    sidecars = names.compactMap { ShardName.number(in: $0, ending: ".keys") }.sorted()
    vectors = Set(names.compactMap { ShardName.number(in: $0, ending: ".npy") })
  }

  var largest: UInt32 { max(sidecars.last ?? 0, vectors.max() ?? 0) }

  /// Every number, smallest first.
  var numbers: [UInt32] { vectors.union(sidecars).sorted() }
}
