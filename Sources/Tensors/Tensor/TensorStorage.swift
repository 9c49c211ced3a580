#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Aligned memory of fixed length, shared by the tensors that view it.
///
/// Sendable because it is written only while uniquely referenced: `Tensor` copies before a write.
package final class TensorStorage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Scalar>
  package let count: Int

  /// Uninitialised memory, aligned for the widest vectors.
  package init(uninitialized count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Scalar>.stride
    // A multiple of the alignment, as aligned_alloc demands.
    guard let memory = aligned_alloc(64, (bytes + 63) & ~63) else {
      preconditionFailure("out of memory: a tensor of \(count) elements (\(bytes) bytes)")
    }
    pointer = memory.bindMemory(to: Scalar.self, capacity: max(count, 1))
  }

  package convenience init(repeating value: Scalar, count: Int) {
    self.init(uninitialized: count)
    pointer.initialize(repeating: value, count: count)
  }

  package convenience init(copying other: TensorStorage) {
    self.init(uninitialized: other.count)
    pointer.update(from: other.pointer, count: count)
  }

  deinit { free(pointer) }
}
