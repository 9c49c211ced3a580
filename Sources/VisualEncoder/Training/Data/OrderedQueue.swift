import Foundation

/// Things made by several threads and taken by one, in order, never more than so many ahead.
final class OrderedQueue<Element: Sendable>: @unchecked Sendable {
  private let count: Int
  private let ahead: Int
  private let make: @Sendable (Int) -> Element

  // Guarded by the condition.
  private let condition = NSCondition()
  private var begun = 0
  private var taken = 0
  private var ready: [Int: Element] = [:]
  private var isCancelled = false

  init(count: Int, ahead: Int, make: @escaping @Sendable (Int) -> Element) {
    (self.count, self.ahead, self.make) = (count, ahead, make)
  }

  /// What a thread does until all are made, or nobody wants them any more.
  @Sendable func work() {
    while let number = claim() {
      let element = make(number)
      condition.lock()
      ready[number] = element
      condition.broadcast()
      condition.unlock()
    }
  }

  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isCancelled && begun < count && begun >= taken + ahead { condition.wait() }
    guard !isCancelled, begun < count else { return nil }
    defer { begun += 1 }
    return begun
  }

  /// The next one, as soon as it is made; nil after the last.
  func next() -> Element? {
    condition.lock()
    defer { condition.unlock() }
    guard taken < count else { return nil }
    while ready[taken] == nil { condition.wait() }
    defer {
      taken += 1
      condition.broadcast()
    }
    return ready.removeValue(forKey: taken)
  }

  func cancel() {
    condition.lock()
    isCancelled = true
    ready = [:]
    condition.broadcast()
    condition.unlock()
  }
}
