import Foundation

/// Carries events from the workers to the writer, and holds the workers back while the writer is
/// behind.
final class ExtractionQueue: @unchecked Sendable {
  // Everything below is guarded by the condition.
  private let condition = NSCondition()
  private var events: [ExtractionEvent] = []
  private var workers: Int
  private var isClosed = false
  private let capacity = 4096

  init(workers: Int) { self.workers = workers }

  /// Whether the writer has given up.
  var closed: Bool { condition.withLock { isClosed } }

  func send(_ new: [ExtractionEvent]) {
    guard !new.isEmpty else { return }
    condition.withLock {
      while events.count >= capacity && !isClosed { condition.wait() }
      guard !isClosed else { return }
      events.append(contentsOf: new)
      condition.broadcast()
    }
  }

  /// Says that one worker sends no more.
  func finish() {
    condition.withLock {
      workers -= 1
      condition.broadcast()
    }
  }

  /// What has arrived, at the latest after `seconds`; nil when all workers have finished and
  /// everything is taken.
  func receive(within seconds: Double) -> [ExtractionEvent]? {
    condition.withLock {
      if events.isEmpty && workers > 0 { _ = condition.wait(until: Date() + seconds) }
      if events.isEmpty && workers == 0 { return nil }
      defer {
        events = []
        condition.broadcast()
      }
      return events
    }
  }

  /// Drops what arrives from now on and waits for the workers to end.
  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
      while workers > 0 { condition.wait() }
    }
  }
}
