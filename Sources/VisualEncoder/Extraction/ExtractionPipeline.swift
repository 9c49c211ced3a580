package import FeatureCache
import Foundation
package import Images
import Tensors

/// Turns image files into cached features with one worker per core.
///
/// Features are bit-identical for any number of workers and any interruption. Images are known by
/// their bytes: what the cache holds is not computed again, and equal images are computed once. A
/// bad image costs its own items only, and is listed in `ledger.jsonl` in the generation's folder.
package struct ExtractionPipeline: Sendable {
  package let bundle: EncoderBundle
  /// What was asked for; `arithmetic` is what this processor makes of it.
  package let precision: EncoderConfiguration.Precision
  package var workers: Int
  /// Images computed at once by each worker. Fixed: oneDNN picks its kernels by the batch size, their
  /// results differ in the last digits, and the key of a cached feature does not tell them apart.
  package static let batch = 8
  /// New vectors per commit.
  package var commitRows = 512
  /// A commit comes after this many seconds even with fewer vectors: what a crash costs at most.
  package var commitSeconds = 2.0
  package var limits = ImageLimits()
  /// Takes what can be decoded of damaged images and records it. Not part of the cache's version:
  /// whole images have the same features either way, so a second run can pick up what a first one
  /// refused.
  package var acceptsDamage = false

  package static let ledgerFile = "ledger.jsonl"

  /// - Parameter precision: Another one than the bundle's, if given; `int8` needs a calibration.
  package init(
    _ bundle: EncoderBundle, precision: EncoderConfiguration.Precision? = nil,
    workers: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    precondition(workers > 0, "\(workers) workers")
    self.bundle = bundle
    self.precision = precision ?? bundle.configuration.precision
    self.workers = workers
  }

  var preprocessing: Preprocessing {
    var preprocessing = bundle.configuration.preprocessing
    if acceptsDamage { preprocessing.damage = .accept }
    return preprocessing
  }

  package var arithmetic: Arithmetic { Arithmetic(precision) }

  /// What a cache for this encoder says about itself.
  package func descriptor(
    elementType: FeatureCacheDescriptor.ElementType = .float16
  ) -> FeatureCacheDescriptor {
    FeatureCacheDescriptor(
      width: bundle.configuration.featureWidth, elementType: elementType,
      encoder: bundle.hash(for: arithmetic),
      preprocessing: bundle.configuration.preprocessing.hash,
      precision: arithmetic.name, categoryInKey: bundle.usesCategory)
  }

  /// Opens the cache's generation of this encoder for writing, or creates it. An existing one keeps
  /// its element type.
  /// - Throws: `cache` where it is damaged, or another process writes it.
  package func openCache(
    at path: String, elementType: FeatureCacheDescriptor.ElementType = .float16
  ) throws(VisualEncoderError) -> FeatureCache {
    do throws(FeatureCacheError) {
      return try FeatureCache.openOrCreate(
        at: path, descriptor: descriptor(elementType: elementType), keepingElementType: true)
    } catch {
      throw VisualEncoderError(.cache, path: error.path, reason: error.placeless)
    }
  }

  /// Extracts every item and returns when all is on the disk.
  ///
  /// - Parameters:
  ///   - cache: Open for writing, with `descriptor`.
  ///   - progress: Called on this thread a few times a second.
  ///   - isCancelled: Asked before every image, from every worker. What is in work is completed and
  ///     committed.
  /// - Throws: `cache` where the disk or the cache fails; what was committed stays.
  package func run(
    _ items: [ExtractionItem], into cache: FeatureCache,
    progress: (ExtractionProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(VisualEncoderError) -> ExtractionReport {
    let start = ContinuousClock.now
    let queue = ExtractionQueue(workers: workers)
    let shared = ExtractionWorker.Shared(
      self, cache, items, queue, isCancelled: isCancelled)
    for index in 0..<workers {
      let thread = Thread {
        ExtractionWorker(shared).run()
        queue.finish()
      }
      thread.name = "extract-\(index)"
      thread.stackSize = 8 << 20
      thread.start()
    }
    let ledger = "\(cache.path)/\(Self.ledgerFile)"
    var writer = ExtractionWriter(
      cache, shared.claims, commitRows: commitRows, commitSeconds: commitSeconds, ledger: ledger)
    do throws(VisualEncoderError) {
      while let events = queue.receive(within: 0.25) {
        try writer.take(events)
        try writer.commitIfDue()
        progress(writer.report.progress(of: items.count, since: start))
      }
      try writer.commit()
    } catch {
      queue.close()
      throw error
    }
    var report = writer.report
    report.stages = shared.stages + writer.stages
    report.total = items.count
    report.failures.sort { ($0.id, $0.path) < ($1.id, $1.path) }
    report.wasCancelled = report.handled < items.count
    report.unknownCategories =
      bundle.usesCategory ? items.count { $0.category.map { shared.rows[$0] == nil } ?? false } : 0
    report.seconds = (ContinuousClock.now - start).inSeconds
    report.ledger = ledger
    try ExtractionLedger.write(report.failures + writer.allAccepted, to: ledger)
    return report
  }
}

extension ExtractionReport {
  /// Items that are dealt with, one way or another.
  var handled: Int { done + failures.count + withoutImage }

  /// Items that have a feature.
  package var done: Int { extracted + linked + unchanged }

  func progress(of total: Int, since start: ContinuousClock.Instant) -> ExtractionProgress {
    ExtractionProgress(
      total: total, done: done, failures: failuresByReason, skipped: linked + unchanged,
      seconds: (ContinuousClock.now - start).inSeconds)
  }
}
