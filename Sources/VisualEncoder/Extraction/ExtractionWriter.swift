import FeatureCache
import Images

/// Takes events in one thread, writes the cache and counts.
struct ExtractionWriter {
  private let cache: FeatureCache
  private let commitRows: Int
  private let commitSeconds: Double
  private var lastCommit = ContinuousClock.now
  private var clock = StageClock()
  private(set) var report = ExtractionReport()
  /// Vectors that the cache refused, so that later items with the same image fail alike.
  private var refused: [FeatureKey: String] = [:]
  private let claims: ClaimTable
  /// Keys that `claims` may forget after the next commit.
  private var keys: [FeatureKey] = []

  /// What earlier runs let pass, as long as the item still shows that vector.
  private var earlier: [String: ExtractionFailure]
  private let ledger: String
  /// Entries of accepted damage that the ledger holds already.
  private var listed = 0

  /// - Parameter ledger: its path; what it says of accepted damage is kept.
  init(
    _ cache: FeatureCache, _ claims: ClaimTable, commitRows: Int, commitSeconds: Double,
    ledger: String
  ) {
    self.cache = cache
    self.claims = claims
    self.commitRows = commitRows
    self.commitSeconds = commitSeconds
    self.ledger = ledger
    earlier = ExtractionLedger.accepted(in: ledger)
  }

  /// Accepted damage behind vectors in the cache, of this run and of earlier ones, ordered by id.
  var allAccepted: [ExtractionFailure] {
    (report.accepted + earlier.values).sorted { ($0.id, $0.path) < ($1.id, $1.path) }
  }

  var stages: StageSeconds { clock.seconds }

  mutating func take(_ events: [ExtractionEvent]) throws(VisualEncoderError) {
    clock.restart()
    defer { clock.mark(\.store) }
    for event in events {
      switch event {
      case .computed(let key, let items, let vector, let header):
        try store(key, items, vector)
        note(header, items)
      case .link(let item, let key):
        if try link(item, key) { report.linked += 1 }
      case .unchanged: report.unchanged += 1
      case .withoutImage: report.withoutImage += 1
      case .failed(let item, let reason, let message): fail(item, reason, message)
      case .broken(let error): throw error
      }
    }
  }

  /// Commits when enough has come together, or when it has waited long enough.
  mutating func commitIfDue() throws(VisualEncoderError) {
    let pending = cache.pending
    guard pending.rows > 0 || pending.links > 0 else {
      lastCommit = .now
      return
    }
    if pending.rows >= commitRows || pending.links >= 16 * commitRows
      || (ContinuousClock.now - lastCommit).inSeconds >= commitSeconds
    {
      try commit()
    }
  }

  mutating func commit() throws(VisualEncoderError) {
    clock.restart()
    defer {
      clock.mark(\.store)
      lastCommit = .now
    }
    ExtractionLedger.append(Array(report.accepted[listed...]), to: ledger)
    listed = report.accepted.count
    try cacheCall { () throws(FeatureCacheError) in _ = try cache.commit() }
    if claims.forget(keys) { keys.removeAll(keepingCapacity: true) }
  }

  private mutating func store(
    _ key: FeatureKey, _ items: [ExtractionItem], _ vector: [Float]
  ) throws(VisualEncoderError) {
    report.computed += 1
    keys.append(key)
    // The ids come later, each with a refusal of its own.
    let rejected = try cacheCall { () throws(FeatureCacheError) in
      try cache.append([FeatureRow(key: key, items: [], vector: vector)])
    }
    if let rejected = rejected.first { refused[key] = rejected.reason.placeless }
    for (index, item) in items.enumerated() where try link(item, key) {
      if index == 0 { report.extracted += 1 } else { report.linked += 1 }
    }
  }

  /// - Returns: Whether the item now shows the vector.
  private mutating func link(
    _ item: ExtractionItem, _ key: FeatureKey
  ) throws(VisualEncoderError) -> Bool {
    if let reason = refused[key] {
      fail(item, "invalid-vector", reason)
      return false
    }
    do throws(FeatureCacheError) {
      try cache.link(item.id, to: key)
      earlier[item.id] = nil
      return true
    } catch  where error.code == .invalidItem {
      fail(item, "invalid-item", error.placeless)
      return false
    } catch {
      throw VisualEncoderError(.cache, path: error.path, reason: error.placeless)
    }
  }

  private mutating func note(_ header: ImageHeader, _ items: [ExtractionItem]) {
    for name in header.notes.names { report.notes[name, default: 0] += 1 }
    guard header.notes.contains(.damageAccepted) else { return }
    report.accepted += items.map { item in
      ExtractionFailure(
        id: item.id, path: item.path ?? "", reason: ExtractionFailure.damageAccepted,
        message: header.damage ?? "damaged")
    }
  }

  private mutating func fail(_ item: ExtractionItem, _ reason: String, _ message: String) {
    // What a killed run listed but did not commit is no vector.
    if earlier[item.id] != nil, (try? cache.key(forItem: item.id)) == .some(nil) {
      earlier[item.id] = nil
    }
    report.failures.append(
      ExtractionFailure(id: item.id, path: item.path ?? "", reason: reason, message: message))
  }

  private func cacheCall<Result>(
    _ body: () throws(FeatureCacheError) -> Result
  ) throws(VisualEncoderError) -> Result {
    do throws(FeatureCacheError) { return try body() } catch {
      throw VisualEncoderError(.cache, path: error.path, reason: error.placeless)
    }
  }
}
