import CDNNL
import Synchronization

/// What one worker needs to run primitives: a stream and a scratchpad that grows as needed.
///
/// oneDNN's own scratchpad crashes when a primitive is created on one thread and run on another
/// (Debian builds it so), hence every primitive takes the scratchpad of the worker that runs it.
/// A context is used by one thread at a time.
package final class WorkerContext {
  let stream: dnnl_stream_t
  private(set) var scratchpad = AlignedBuffer(byteCount: 0)

  package init() {
    var stream: dnnl_stream_t?
    check(
      dnnl_stream_create(&stream, Engine.cpu, UInt32(dnnl_stream_default_flags.rawValue)),
      "creating a stream")
    guard let stream else { preconditionFailure("oneDNN made no stream") }
    self.stream = stream
  }

  deinit { dnnl_stream_destroy(stream) }

  /// Makes room for the largest of these convolutions, so that all share one scratchpad.
  package func reserve(for convolutions: [FusedConvolution]) {
    _ = scratchpad(byteCount: convolutions.map(\.scratchpadByteCount).max() ?? 0)
  }

  func scratchpad(byteCount: Int) -> UnsafeMutableRawPointer {
    if scratchpad.byteCount < byteCount { scratchpad = AlignedBuffer(byteCount: byteCount) }
    return scratchpad.bytes
  }

  // MARK: Idle contexts

  private struct Idle: @unchecked Sendable { var contexts: [WorkerContext] = [] }
  private static let idle = Mutex(Idle())

  /// Lends a context that no other thread uses to `body`.
  static func withBorrowed<Result>(_ body: (WorkerContext) -> Result) -> Result {
    let context = idle.withLock { $0.contexts.popLast() }.map(Transfer.init) ?? Transfer()
    defer { idle.withLock { $0.contexts.append(context.value) } }
    return body(context.value)
  }

  private struct Transfer: @unchecked Sendable {
    var value = WorkerContext()
  }
}
