import Dispatch
import Synchronization

/// A sequence whose next element is made on another thread while the present one is used: the batch of
/// the next step while the network takes this one.
///
/// Elements come in order and are those that `make` gives, so nothing depends on the threads. At most
/// one is made ahead: memory holds two.
package struct Prefetched<Element: Sendable>: Sequence {
  private let count: Int
  private let make: @Sendable (Int) -> Element

  /// - Parameter make: gives the element of an index in `0 ..< count`; called once each, in order.
  package init(count: Int, _ make: @escaping @Sendable (Int) -> Element) {
    self.count = count
    self.make = make
  }

  /// Starts with the first element at once.
  package func makeIterator() -> Iterator { Iterator(count: count, make: make) }

  /// One element ahead. An iterator that is given up finishes the element in work, and no other.
  package final class Iterator: IteratorProtocol {
    private let count: Int
    private let make: @Sendable (Int) -> Element
    private let queue = DispatchQueue(label: "prefetch", qos: .userInitiated)
    private let slot = Slot()
    private var taken = 0

    /// What the maker hands to the taker.
    private final class Slot: Sendable {
      let element = Mutex<Element?>(nil)
      let isReady = DispatchSemaphore(value: 0)
    }

    fileprivate init(count: Int, make: @escaping @Sendable (Int) -> Element) {
      self.count = count
      self.make = make
      if count > 0 { start(0) }
    }

    /// The next element, waited for where it is not ready.
    package func next() -> Element? {
      guard taken < count else { return nil }
      slot.isReady.wait()
      let element = slot.element.withLock { element in
        defer { element = nil }
        return element
      }
      taken += 1
      if taken < count { start(taken) }
      return element
    }

    private func start(_ index: Int) {
      queue.async { [make, slot] in
        let element = make(index)
        slot.element.withLock { $0 = element }
        slot.isReady.signal()
      }
    }
  }
}
