/// Aligned memory of fixed length, shared by the tensors that view it.
///
/// Sendable because it is written only while uniquely referenced: `Tensor` copies before a write.
package final class TensorStorage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Scalar>
  package let count: Int
  /// The same numbers as primitives want them; forgotten before a write.
  let layouts = KeptLayouts()

  /// Uninitialised memory, aligned for the widest vectors.
  package init(uninitialized count: Int) {
    self.count = count
    pointer = MemoryPool.allocate(byteCount: Self.byteCount(count))
      .bindMemory(to: Scalar.self, capacity: max(count, 1))
  }

  package convenience init(repeating value: Scalar, count: Int) {
    self.init(uninitialized: count)
    pointer.initialize(repeating: value, count: count)
  }

  package convenience init(copying other: TensorStorage) {
    self.init(uninitialized: other.count)
    pointer.update(from: other.pointer, count: count)
  }

  deinit { MemoryPool.deallocate(pointer, byteCount: Self.byteCount(count)) }

  private static func byteCount(_ count: Int) -> Int {
    max(count, 1) * MemoryLayout<Scalar>.stride
  }
}
