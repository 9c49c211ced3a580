import Synchronization

/// Copies of a tensor in the layouts that primitives want.
///
/// The shards of a batch, and its forward and backward passes, read the same weights: each layout is
/// written once for each step instead of once for each use.
struct KeptLayouts: ~Copyable {
  private let copies = Mutex<[TensorLayout: AlignedBuffer]?>(nil)

  /// The copy of a layout, made by `fill` where there is none yet; others wait meanwhile.
  func copy(
    _ layout: TensorLayout, _ fill: (UnsafeMutableRawPointer) -> Void
  ) -> AlignedBuffer {
    copies.withLock { copies in
      if let known = copies?[layout] { return known }
      let buffer = AlignedBuffer(byteCount: layout.byteCount)
      fill(buffer.bytes)
      copies = (copies ?? [:]).merging([layout: buffer]) { $1 }
      return buffer
    }
  }

  /// To be called before the tensor changes.
  func forget() { copies.withLock { $0 = nil } }
}
