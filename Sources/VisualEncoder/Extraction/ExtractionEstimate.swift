import FeatureCache
import Images

/// What an extraction is going to cost, found out by trying a few images.
package struct ExtractionEstimate: Sendable {
  /// Items that have a vector from an earlier run. Whether their image changed since is not looked
  /// at.
  package var known = 0
  /// Seconds that one worker takes for an image; nil where none could be read.
  package var secondsPerImage: Double?
}

extension ExtractionPipeline {
  /// Looks up what a cache at `path` holds of these items, and times a few of the others.
  ///
  /// - Throws: `cache` where there is a cache that cannot be read.
  package func estimate(
    _ items: [ExtractionItem], cacheAt path: String
  ) throws(VisualEncoderError) -> ExtractionEstimate {
    var estimate = ExtractionEstimate()
    var rest = items.filter { $0.path != nil }
    if let cache = try existingCache(at: path) {
      let known = try knownItems(rest, in: cache)
      estimate.known = known.count
      rest = rest.filter { !known.contains($0.id) }
    }
    estimate.secondsPerImage = secondsPerImage(rest)
    return estimate
  }

  /// The generation that this extraction would go on with; nil where there is none yet.
  private func existingCache(at path: String) throws(VisualEncoderError) -> FeatureCache? {
    for type in [FeatureCacheDescriptor.ElementType.float16, .float32] {
      do throws(FeatureCacheError) {
        return try FeatureCache.open(at: path, descriptor: descriptor(elementType: type))
      } catch {
        // Everything else would stop the extraction too.
        guard error.code == .notFound || error.code == .descriptorMismatch else {
          throw VisualEncoderError(.cache, path: error.path, reason: error.placeless)
        }
      }
    }
    return nil
  }

  private func knownItems(
    _ items: [ExtractionItem], in cache: FeatureCache
  ) throws(VisualEncoderError) -> Set<String> {
    do throws(FeatureCacheError) {
      var known: Set<String> = []
      for item in items where try cache.key(forItem: item.id) != nil { known.insert(item.id) }
      return known
    } catch {
      throw VisualEncoderError(.cache, path: error.path, reason: error.placeless)
    }
  }

  private func secondsPerImage(_ items: [ExtractionItem]) -> Double? {
    let tried = Self.batch * 6
    let sample = stride(from: 0, to: items.count, by: max(1, items.count / tried)).prefix(tried)
    let preprocessing = PreprocessingWorkspace(preprocessing, limits: limits)
    let inference = InferenceWorkspace(
      InferencePlan(bundle, precision: precision, batch: Self.batch))
    // The first batch finds cold caches.
    _ = inference.run(categories: [Int](repeating: 0, count: Self.batch))
    let start = ContinuousClock.now
    var (done, slots) = (0, 0)
    for index in sample {
      guard let bytes = try? ImageFile.read(items[index].path ?? "", limits: limits),
        (try? preprocessing.crop(bytes.span.bytes, into: inference.image(slots))) != nil
      else { continue }
      (done, slots) = (done + 1, slots + 1)
      if slots == Self.batch {
        _ = inference.run(categories: [Int](repeating: 0, count: slots))
        slots = 0
      }
    }
    guard done > 0 else { return nil }
    // An unfinished batch costs as much as a whole one, so it is left out with its share; where it
    // is all there is, the extraction will pay for it too.
    let isOnlyOne = done == slots
    if isOnlyOne { _ = inference.run(categories: [Int](repeating: 0, count: slots)) }
    let seconds = (ContinuousClock.now - start).inSeconds
    return seconds / Double(isOnlyOne ? done : done - slots)
  }
}
