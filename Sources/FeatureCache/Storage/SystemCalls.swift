import CLMDB
import Glibc

/// The system's text for an error number. `strerror` shares one buffer among threads, hence `_r`.
func errorText(_ number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  return buffer.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else {
      return "unknown error"
    }
    return String(cString: base)
  }
}

/// Bytes that an ordinary user may still write on the file system that holds `path`.
func freeBytes(at path: String) -> Int {
  var status = statvfs()
  guard statvfs(path, &status) == 0 else { return Int.max }
  let (bytes, overflow) = UInt(status.f_bavail).multipliedReportingOverflow(
    by: UInt(status.f_frsize))
  return overflow ? Int.max : Int(clamping: bytes)
}

/// Processors that this process may use.
func coreCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Size in bytes of the file at `path`, or nil if there is none.
func fileLength(_ path: String) -> Int? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  return Int(status.st_size)
}

/// File systems of several machines, by the numbers that `statfs` gives: NFS, SMB, CIFS, SMB2, 9p,
/// Ceph (linux/magic.h), Lustre, GPFS, BeeGFS (their own headers).
private let networkFileSystems: Set<UInt32> = [
  0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x0102_1997, 0x00C3_6400, 0x0BD0_0BD0, 0x4750_4653,
  0x1983_0326,
]

/// Refuses file systems on which LMDB's shared memory and locks are known not to work.
func refuseNetworkFileSystem(_ path: String) throws(FeatureCacheError) {
  var status = statfs()
  guard statfs(path, &status) == 0 else { return }
  guard networkFileSystems.contains(UInt32(truncatingIfNeeded: status.f_type)) else { return }
  throw FeatureCacheError(
    code: .networkFileSystem, path: path,
    message: "the folder lies on a network file system, where the index's locks do not work",
    advice: "Keep a cache on a local disk of each machine, and join copies: vitrine cache merge")
}
