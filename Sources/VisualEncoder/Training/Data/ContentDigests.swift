import Dispatch
import Images
import Synchronization

/// What files hold, to tell duplicates.
package enum ContentDigests {
  /// SHA-256 of each file; nil for one that cannot be read.
  /// Complexity: O(bytes), on `workers` threads.
  package static func of(_ paths: [String], workers: Int) -> [String?] {
    let digests = Mutex([String?](repeating: nil, count: paths.count))
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, paths.count))) { _ in
      while let index = next.claim(below: paths.count) {
        guard let bytes = try? ImageFile.read(paths[index]) else { continue }
        let digest = HexDigest.sha256(bytes)
        digests.withLock { $0[index] = digest }
      }
    }
    return digests.withLock { $0 }
  }
}

extension Mutex<Int> {
  /// The next number that nobody has had, or nil where all are given away.
  func claim(below count: Int) -> Int? {
    withLock { next in
      guard next < count else { return nil }
      defer { next += 1 }
      return next
    }
  }
}
