import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where tensors get their memory from.
///
/// A training step asks for hundreds of megabytes and gives them back. The C library returns such
/// blocks to the system, which must then clear every page of the next one: a third of a step. While
/// somebody trains, large blocks are kept and lent again instead.
package enum MemoryPool {
  /// Blocks given back, by size.
  private struct Kept: ~Copyable {
    var users = 0
    var blocks: [Int: [UnsafeMutableRawPointer]] = [:]
  }

  private final class State: @unchecked Sendable {
    /// Whether blocks are kept; read without the lock by those who train nothing.
    let isKeeping = Atomic(false)
    let kept = Mutex(Kept())
  }

  private static let state = State()
  /// Smaller blocks are the C library's business.
  private static let smallest = 1 << 16

  /// Keeps large blocks for reuse until `body` returns. Calls may nest and run side by side; the last
  /// one to return frees what was kept.
  package static func recycling<Result>(_ body: () throws -> Result) rethrows -> Result {
    state.kept.withLock { kept in
      kept.users += 1
      state.isKeeping.store(true, ordering: .relaxed)
    }
    defer {
      state.kept.withLock { kept in
        kept.users -= 1
        guard kept.users == 0 else { return }
        state.isKeeping.store(false, ordering: .relaxed)
        for block in kept.blocks.values.joined() { free(block) }
        kept.blocks = [:]
      }
    }
    return try body()
  }

  /// Uninitialised memory, aligned for the widest vectors.
  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    let size = roundedUp(byteCount)
    if size >= smallest, state.isKeeping.load(ordering: .relaxed) {
      let known = state.kept.withLock { kept in
        kept.blocks[size]?.popLast().map(Transfer.init)
      }
      if let known { return known.pointer }
    }
    guard let memory = aligned_alloc(64, size) else {
      preconditionFailure("out of memory: \(byteCount) bytes for a tensor")
    }
    return memory
  }

  /// Gives back what `allocate` gave for this many bytes.
  static func deallocate(_ pointer: UnsafeMutableRawPointer, byteCount: Int) {
    let size = roundedUp(byteCount)
    guard size >= smallest, state.isKeeping.load(ordering: .relaxed) else { return free(pointer) }
    let block = Transfer(pointer: pointer)
    state.kept.withLock { kept in
      if kept.users > 0 {
        kept.blocks[size, default: []].append(block.pointer)
      } else {
        free(block.pointer)
      }
    }
  }

  private struct Transfer: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }

  /// A multiple of the alignment, and for large blocks one of eight sizes for each power of two, so
  /// that batches of almost equal size share blocks.
  private static func roundedUp(_ byteCount: Int) -> Int {
    let count = max(byteCount, 64)
    let step = count < smallest ? 64 : 1 << (Int.bitWidth - count.leadingZeroBitCount - 4)
    return (count + step - 1) / step * step
  }
}
