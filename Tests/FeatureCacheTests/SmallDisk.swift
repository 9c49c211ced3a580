import Foundation
import Glibc

/// A file system with little room, to fill. Only the thread that mounts it sees it, and it ends
/// with that thread, so none can stay behind.
enum SmallDisk {
  /// Whether this machine lets us mount.
  static let isAllowed: Bool = {
    let path = NSTemporaryDirectory() + "vitrine-mount-\(UUID().uuidString)"
    guard mkdir(path, 0o755) == 0 else { return false }
    defer { rmdir(path) }
    nonisolated(unsafe) var isMounted = false
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      isMounted = mount(at: path, "size=64k")
      done.signal()
    }
    done.wait()
    return isMounted
  }()

  /// Mounts at a folder. For a thread of its own, or a process whose end is near.
  static func mount(at path: String, _ options: String) -> Bool {
    mkdir(path, 0o755)
    guard leaveMountNamespace(),
      Glibc.mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0
    else { return false }
    return options.withCString { Glibc.mount("tmpfs", path, "tmpfs", 0, $0) == 0 }
  }

  /// `unshare(CLONE_NEWNS)`, which Swift's Glibc module lacks.
  private static func leaveMountNamespace() -> Bool {
    typealias Unshare = @convention(c) (Int32) -> Int32
    guard let symbol = dlsym(nil, "unshare") else { return false }
    return unsafeBitCast(symbol, to: Unshare.self)(0x20000) == 0
  }
}

/// Goes on as a user whom file permissions bind, for good.
func becomeNobody() -> Bool {
  guard getuid() == 0 else { return true }
  return setgroups(0, nil) == 0 && setgid(65534) == 0 && setuid(65534) == 0
}
