extension FeatureCache {
  /// Removes what a writer that died has left behind. Only the holder of the writer lock may.
  static func removeTemporaries(in folder: Folder) throws(FeatureCacheError) {
    for name in try folder.names() where isTemporary(name) { try folder.remove(name) }
  }

  static func isTemporary(_ name: String) -> Bool {
    name.hasSuffix(Folder.temporarySuffix) || name == indexFolder + ".old"
  }

  /// Takes shards into the index whose commit was cut off after the shard was in place, so a crash
  /// loses no finished work. Returns the number of the next shard.
  static func adoptOrphans(
    _ folder: Folder, _ descriptor: FeatureCacheDescriptor, _ index: IndexEnvironment
  ) throws(FeatureCacheError) -> UInt32 {
    let known = try index.shards()
    let files = try ShardListing(folder)
    for number in files.sidecars where known[number] == nil {
      guard
        let (sidecar, checksum) = try? Sidecar.read(
          number, from: folder, fingerprint: descriptor.fingerprint)
      else { continue }  // Damage, which `verify` reports and `repair` handles.
      if !sidecar.rows.isEmpty, !files.vectors.contains(number) {
        // The crash came between the two renames: the vectors never got their name.
        try folder.remove(ShardName.sidecar(number))
        continue
      }
      if !sidecar.rows.isEmpty {
        let shard = try? ShardFile(
          number, rows: sidecar.rows.count, folder: folder, descriptor: descriptor)
        guard shard != nil else { continue }
      }
      try index.write { transaction throws(FeatureCacheError) in
        _ = try transaction.apply(sidecar, checksum: checksum, checkingLinks: true)
      }
    }
    return max(known.keys.max() ?? 0, files.largest) + 1
  }
}

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
}

extension IndexEnvironment {
  /// The shards that the index knows.
  func shards() throws(FeatureCacheError) -> [UInt32: ShardEntry] {
    try read { transaction throws(FeatureCacheError) in
      var shards: [UInt32: ShardEntry] = [:]
      try transaction.forEach(.shards) { key, value throws(FeatureCacheError) in
        guard let entry = ShardEntry(record: value, key: key) else {
          throw .damagedIndex(folder.path, "a shard record fails its checksum")
        }
        shards[entry.number] = entry
      }
      return shards
    }
  }
}
