import CDNNL
import Synchronization

/// The processor as oneDNN sees it, and the lock under which everything is created.
enum Engine {
  /// A handle that oneDNN documents as usable from any thread.
  private struct Handle: @unchecked Sendable { let engine: dnnl_engine_t }

  private static let shared: Handle = {
    var engine: dnnl_engine_t?
    let status = dnnl_engine_create(&engine, dnnl_cpu, 0)
    guard status == dnnl_success, let engine else {
      preconditionFailure("oneDNN has no engine for this processor: status \(status.rawValue)")
    }
    return Handle(engine: engine)
  }()

  private static let creation = Mutex(())

  static var cpu: dnnl_engine_t { shared.engine }

  /// Runs `body`, which creates primitives, alone in the process: oneDNN 2.6 shares a static
  /// variable between all creations of convolutions (fixed upstream in 2.7.3).
  static func creating<Result>(_ body: () -> Result) -> Result {
    creation.withLock { _ in
      WorkerThread.limitToOneThread()
      return body()
    }
  }

  /// Channels that one block of an activation holds in the layout that suits this processor.
  static let channelBlock: Int =
    dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core.rawValue
      == dnnl_cpu_isa_avx512_core.rawValue ? 16 : 8
}

/// Stops on a status that only a mistake in this room can cause.
func check(_ status: dnnl_status_t, _ action: @autoclosure () -> String) {
  precondition(status == dnnl_success, "oneDNN: \(action()) failed with status \(status.rawValue)")
}
