/// Memory that grows and is used again. Its content is undefined after every `reserve`.
package final class ScratchBuffer<Element: BitwiseCopyable> {
  private var storage = UnsafeMutableBufferPointer<Element>(start: nil, count: 0)

  package init() {}

  deinit {
    storage.deallocate()
  }

  /// At least `count` elements. The pointer is valid until the next call.
  package func reserve(_ count: Int) -> UnsafeMutableBufferPointer<Element> {
    if storage.count < count {
      storage.deallocate()
      storage = .allocate(capacity: count)
    }
    return UnsafeMutableBufferPointer(rebasing: storage[..<count])
  }
}
