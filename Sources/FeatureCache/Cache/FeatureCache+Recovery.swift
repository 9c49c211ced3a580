extension FeatureCache {
  /// Lets a creation go on in a folder with nothing in its way but what an interrupted one has left.
  ///
  /// `cache.json` is written last: without it and without shards there is no cache yet.
  static func refuseRemains(in folder: Folder) throws(FeatureCacheError) {
    let remains = try folder.names().first {
      $0 == DescriptorFile.name || $0.hasPrefix("shard-")
    }
    if let remains {
      throw FeatureCacheError(
        code: .alreadyExists, path: folder.path,
        message: "there is a feature cache here (\(remains))",
        advice: "Open it, or choose another folder")
    }
    let indexes = Folder(folder.file(indexFolder))
    guard !folder.contains(indexFolder) || IndexEnvironment.isUnused(indexes) else {
      throw FeatureCacheError(
        code: .alreadyExists, path: indexes.path,
        message: "the cache needs this name for its index, and something else is here",
        advice: "Choose another folder for the cache, or move this away")
    }
  }

  /// Completes or removes what a writer that died has left behind. Only the holder of the writer
  /// lock may.
  static func clearRemains(in folder: Folder) throws(FeatureCacheError) {
    let names = try folder.names()
    // A repair retires the old index only when the new one is complete.
    if !names.contains(indexFolder), names.contains(retiredIndex),
      names.contains(indexFolder + Folder.temporarySuffix)
    {
      try folder.publish(indexFolder)
      try folder.synchronize()
    }
    for name in try folder.names() where isTemporary(name) { try folder.remove(name) }
  }

  static let retiredIndex = indexFolder + ".old"

  /// Whether a writer makes files of this name, to rename or remove them soon.
  static func isTemporary(_ name: String) -> Bool {
    if name == retiredIndex { return true }
    guard name.hasSuffix(Folder.temporarySuffix) else { return false }
    let name = String(name.dropLast(Folder.temporarySuffix.count))
    return name == DescriptorFile.name || name == indexFolder || ShardName.number(in: name) != nil
  }

  /// Takes shards into the index whose commit was cut off after the shard was in place, so a crash
  /// loses no finished work. Returns the number of the next shard.
  static func adoptOrphans(
    _ folder: Folder, _ descriptor: FeatureCacheDescriptor, _ index: IndexEnvironment
  ) throws(FeatureCacheError) -> UInt32 {
    let known = try index.shards()
    let newest = known.keys.max() ?? 0
    let files = try ShardListing(folder)
    for number in files.sidecars where known[number] == nil {
      guard let (sidecar, checksum) = try readOrphan(number, folder, descriptor) else { continue }
      if !sidecar.rows.isEmpty, !files.vectors.contains(number) {
        // The crash came between the two renames: the vectors never got their name.
        try folder.remove(ShardName.sidecar(number))
        continue
      }
      if !sidecar.rows.isEmpty, try !hasVectors(sidecar, folder, descriptor) { continue }
      try index.write { transaction throws(FeatureCacheError) in
        // A shard that was long unreadable must not bring back what later ones have replaced.
        try transaction.apply(
          sidecar, checksum: checksum, replacing: number > newest, checkingLinks: true)
      }
    }
    return try ShardName.number(after: max(newest, files.largest), in: folder)
  }

  /// Nil for damage, which `verify` reports and `repair` handles. Any other failure may pass, so it
  /// is no reason to go on without the shard.
  private static func readOrphan(
    _ number: UInt32, _ folder: Folder, _ descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) -> (sidecar: Sidecar, checksum: UInt64)? {
    do throws(FeatureCacheError) {
      return try Sidecar.read(number, from: folder, fingerprint: descriptor.fingerprint)
    } catch {
      guard error.code == .damagedShard else { throw error }
      return nil
    }
  }

  private static func hasVectors(
    _ sidecar: Sidecar, _ folder: Folder, _ descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) -> Bool {
    do throws(FeatureCacheError) {
      _ = try ShardFile(
        sidecar.shard, rows: sidecar.rows.count, folder: folder, descriptor: descriptor)
      return true
    } catch {
      guard error.code == .damagedShard else { throw error }
      return false
    }
  }
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
