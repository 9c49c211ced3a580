import Crypto
import FeatureCache
import Images
import Synchronization

/// The work of one thread: read, hash, look up, decode, infer.
final class ExtractionWorker {
  /// What all workers of a run share.
  final class Shared: Sendable {
    let preprocessing: Preprocessing
    let plan: InferencePlan
    let limits: ImageLimits
    let cache: FeatureCache
    let items: [ExtractionItem]
    let rows: [String: Int]
    let queue: ExtractionQueue
    let claims = ClaimTable()
    let isCancelled: @Sendable () -> Bool
    private let next = Mutex(0)
    private let spent = Mutex(StageSeconds())

    init(
      _ pipeline: ExtractionPipeline, _ cache: FeatureCache, _ items: [ExtractionItem],
      _ queue: ExtractionQueue, isCancelled: @escaping @Sendable () -> Bool
    ) {
      preprocessing = pipeline.preprocessing
      plan = InferencePlan(
        pipeline.bundle, precision: pipeline.precision, batch: ExtractionPipeline.batch)
      limits = pipeline.limits
      self.cache = cache
      self.items = items
      self.queue = queue
      self.isCancelled = isCancelled
      rows = pipeline.bundle.categoryRowsByName
    }

    /// Of the workers that have finished.
    var stages: StageSeconds { spent.withLock { $0 } }

    func add(_ stages: StageSeconds) { spent.withLock { $0 = $0 + stages } }

    func nextItem() -> ExtractionItem? {
      guard !isCancelled(), !queue.closed else { return nil }
      let position = next.withLock { next in
        defer { next += 1 }
        return next
      }
      return position < items.count ? items[position] : nil
    }
  }

  private struct Slot {
    let key: FeatureKey
    let item: ExtractionItem
    let row: Int
    let header: ImageHeader
  }

  private let shared: Shared
  private let preprocessing: PreprocessingWorkspace
  private let inference: InferenceWorkspace
  /// The image file in work.
  private let file = ScratchBuffer<UInt8>()
  private var slots: [Slot] = []
  private var events: [ExtractionEvent] = []
  private var clock = StageClock()

  init(_ shared: Shared) {
    self.shared = shared
    preprocessing = PreprocessingWorkspace(shared.preprocessing, limits: shared.limits)
    inference = InferenceWorkspace(shared.plan)
  }

  /// Works until nothing is left, the run is cancelled or the writer has given up.
  func run() {
    clock.restart()
    while let item = shared.nextItem() {
      do throws(FeatureCacheError) {
        try take(item)
      } catch {
        events.append(
          .broken(VisualEncoderError(.cache, path: error.path, reason: error.placeless)))
      }
      if slots.count == shared.plan.batch { infer() }
      clock.mark(\.read)
      if events.count >= 64 { flush() }
    }
    infer()
    flush()
    shared.add(clock.seconds)
  }

  private func take(_ item: ExtractionItem) throws(FeatureCacheError) {
    guard let path = item.path else {
      events.append(.withoutImage(item))
      return
    }
    let bytes: UnsafeBufferPointer<UInt8>
    do throws(ImageError) {
      bytes = try ImageFile.read(path, limits: shared.limits, into: file)
    } catch {
      events.append(.failed(item, reason: error.reason.rawValue, message: error.message))
      return
    }
    // Categories that the encoder does not know share the reserved row, and so one key.
    let row = item.category.flatMap { shared.rows[$0] } ?? 0
    let key = FeatureKey(
      image: Array(digest(bytes)), category: row == 0 ? nil : item.category,
      descriptor: shared.cache.descriptor)
    let isCached = try shared.cache.contains(key)
    switch shared.claims.claim(key, for: item, isCached: isCached) {
    case .waits: break
    case .failed(let reason, let message):
      events.append(.failed(item, reason: reason, message: message))
    case .known:
      let isInPlace = isCached ? try shared.cache.key(forItem: item.id) == key : false
      events.append(isInPlace ? .unchanged(item) : .link(item, key))
    case .compute: prepare(item, key, row, bytes)
    }
  }

  private func prepare(
    _ item: ExtractionItem, _ key: FeatureKey, _ row: Int,
    _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    clock.mark(\.read)
    let resizing = preprocessing.resizing
    defer {
      clock.mark(\.decode)
      clock.move((preprocessing.resizing - resizing).inSeconds, from: \.decode, to: \.resize)
    }
    do throws(ImageError) {
      let header = try preprocessing.crop(
        UnsafeRawBufferPointer(bytes).bytes, into: inference.image(slots.count))
      slots.append(Slot(key: key, item: item, row: row, header: header))
    } catch {
      let reason = error.reason.rawValue
      let waiting = shared.claims.fail(key, reason: reason, message: error.message)
      for item in [item] + waiting {
        events.append(.failed(item, reason: reason, message: error.message))
      }
    }
  }

  private func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> SHA256.Digest {
    var hash = SHA256()
    hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
    return hash.finalize()
  }

  private func infer() {
    guard !slots.isEmpty else { return }
    clock.restart()
    let vectors = inference.run(categories: slots.map(\.row))
    clock.mark(\.infer)
    for (slot, vector) in zip(slots, vectors) {
      shared.claims.complete(slot.key) { waiting in
        shared.queue.send([.computed(slot.key, [slot.item] + waiting, vector, slot.header)])
      }
    }
    slots.removeAll(keepingCapacity: true)
  }

  private func flush() {
    shared.queue.send(events)
    events.removeAll(keepingCapacity: true)
    // Waiting for the writer is not the worker's time.
    clock.restart()
  }
}

extension FeatureCacheError {
  /// The description without the path.
  var placeless: String { "\(message). \(advice)" }
}
