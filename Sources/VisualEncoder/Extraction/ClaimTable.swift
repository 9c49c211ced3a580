package import FeatureCache
import Synchronization

/// Sees to it that an image is computed once, however many items show it and whichever workers meet
/// it.
package final class ClaimTable: Sendable {
  package enum Claim {
    /// The caller computes it.
    case compute
    /// Another worker is at it; the item will be dealt with there.
    case waits
    /// It is on its way to the cache, or was when last seen.
    case known
    case failed(reason: String, message: String)
  }

  private enum State {
    case computing(waiting: [ExtractionItem])
    /// Sent to the writer.
    case sent
    case failed(reason: String, message: String)
  }

  package init() {}

  private let states = Mutex<[FeatureKey: State]>([:])

  package func claim(_ key: FeatureKey, for item: ExtractionItem, isCached: Bool) -> Claim {
    states.withLock { states in
      switch states[key] {
      case .computing(var waiting):
        waiting.append(item)
        states[key] = .computing(waiting: waiting)
        return .waits
      case .sent: return .known
      case .failed(let reason, let message): return .failed(reason: reason, message: message)
      case nil:
        if isCached { return .known }
        states[key] = .computing(waiting: [])
        return .compute
      }
    }
  }

  /// Hands the key over to `send` together with the items that waited for it, before any worker can
  /// find it known.
  package func complete(_ key: FeatureKey, _ send: ([ExtractionItem]) -> Void) {
    states.withLock { states in
      if case .computing(let waiting) = states[key] { send(waiting) } else { send([]) }
      states[key] = .sent
    }
  }

  /// Forgets keys that the cache holds by now, so that the table does not grow with the collection.
  /// A worker that looked into the cache just before may compute one again, which the cache notices.
  ///
  /// - Returns: Whether it was done. Not while a worker holds the table, since that worker may wait
  ///   for the caller to make room in the queue.
  package func forget(_ committed: [FeatureKey]) -> Bool {
    let done: Bool? = states.withLockIfAvailable { states in
      for key in committed { if case .sent = states[key] { states[key] = nil } }
      return true
    }
    return done ?? false
  }

  /// Keys that are remembered.
  package var count: Int { states.withLock { $0.count } }

  /// - Returns: The items that waited.
  package func fail(_ key: FeatureKey, reason: String, message: String) -> [ExtractionItem] {
    states.withLock { states in
      defer { states[key] = .failed(reason: reason, message: message) }
      if case .computing(let waiting) = states[key] { return waiting }
      return []
    }
  }
}
