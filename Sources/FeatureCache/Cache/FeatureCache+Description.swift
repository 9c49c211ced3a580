extension FeatureCache {
  /// The description that a repair works with.
  struct Description {
    let descriptor: FeatureCacheDescriptor
    /// Whether `cache.json` has to be written.
    let isRestored: Bool
  }

  /// Reads `cache.json`, or finds out which of the candidates filled a cache that has lost it.
  ///
  /// - Throws: `descriptorMismatch` where the description, or a sound sidecar, is of none of them.
  static func description(
    of folder: Folder, candidates: [FeatureCacheDescriptor]
  ) throws(FeatureCacheError) -> Description {
    do throws(FeatureCacheError) {
      let descriptor = try DescriptorFile.read(from: folder)
      if let expected = candidates.first, !candidates.contains(descriptor) {
        try descriptor.check(against: expected, path: folder.path)
      }
      return Description(descriptor: descriptor, isRestored: false)
    } catch {
      guard error.code == .notFound || error.code == .damagedDescriptor else { throw error }
      let shards = try ShardListing(folder)
      // Without shards it may be anybody's folder.
      guard error.code == .damagedDescriptor || !shards.numbers.isEmpty else { throw error }
      var reason = error
      for candidate in candidates {
        do throws(FeatureCacheError) {
          try check(shards, in: folder, against: candidate)
          return Description(descriptor: candidate, isRestored: true)
        } catch {
          guard error.code == .descriptorMismatch else { throw error }
          reason = error
        }
      }
      throw reason
    }
  }

  /// A sound sidecar carries the fingerprint of the descriptor that it was written with; a damaged
  /// one says nothing.
  private static func check(
    _ shards: ShardListing, in folder: Folder, against candidate: FeatureCacheDescriptor
  ) throws(FeatureCacheError) {
    for number in shards.sidecars {
      do throws(FeatureCacheError) {
        _ = try Sidecar.read(number, from: folder, fingerprint: candidate.fingerprint)
      } catch {
        guard error.code == .damagedShard else { throw error }
      }
    }
  }
}
