/// Uninitialised memory that starts on a cache line and is freed with its owner.
///
/// Whoever shares a buffer between threads promises that nobody writes it any more.
package final class AlignedBuffer: @unchecked Sendable {
  package let bytes: UnsafeMutableRawPointer
  package let byteCount: Int

  package init(byteCount: Int) {
    self.byteCount = byteCount
    bytes = MemoryPool.allocate(byteCount: byteCount)
  }

  package convenience init(floats: Int) {
    self.init(byteCount: floats * MemoryLayout<Float>.stride)
  }

  package convenience init(_ values: [Float]) {
    self.init(floats: values.count)
    values.withUnsafeBytes { source in
      if let start = source.baseAddress { bytes.copyMemory(from: start, byteCount: source.count) }
    }
  }

  package var floats: UnsafeMutablePointer<Float> { bytes.assumingMemoryBound(to: Float.self) }

  deinit { MemoryPool.deallocate(bytes, byteCount: byteCount) }
}
