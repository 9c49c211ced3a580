import Glibc

/// The file of an index itself, whatever path leads to it. The folder would not do: a repair puts
/// another in its place, and the number of a removed folder is soon used again, while that of a
/// file is not as long as somebody has it open.
struct IndexIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  init(descriptor: Int32, path: String) throws(FeatureCacheError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, "fstat", errno) }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// - Throws: `indexMissing`.
  init(_ folder: Folder) throws(FeatureCacheError) {
    let file = try IndexHeader.open(folder)
    try self.init(descriptor: file.descriptor, path: file.path)
  }
}
