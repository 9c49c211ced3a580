/// Square pictures in memory, `[count, side, side, 3]` bytes. Immutable once it is made.
package final class PixelStore: @unchecked Sendable {
  package let side: Int
  /// Pictures.
  package let count: Int
  private let memory: UnsafeMutableBufferPointer<UInt8>
  /// Where each picture lies; those that could not be read have left gaps.
  private let slots: [Int]

  init(side: Int, memory: UnsafeMutableBufferPointer<UInt8>, slots: [Int]) {
    (self.side, self.memory, self.slots) = (side, memory, slots)
    count = slots.count
  }

  deinit { memory.deallocate() }

  /// The pixels of a picture, valid as long as the store.
  package func image(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let size = 3 * side * side
    let start = slots[index] * size
    return UnsafeBufferPointer(rebasing: memory[start..<start + size])
  }
}
