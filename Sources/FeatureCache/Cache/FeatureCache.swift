import Synchronization

/// A folder of feature vectors: immutable shards that numpy can read, and an index from keys and
/// item ids to their rows.
///
/// Many handles and processes may read while one writes. Every vector is checked against its
/// checksum on every read; damage is an error naming the file and never a wrong vector. A commit
/// is durable when `commit()` returns, and happens whole or not at all.
package final class FeatureCache: Sendable {
  package enum Mode: Sendable {
    case read, write
  }

  package let path: String
  package let descriptor: FeatureCacheDescriptor
  package let mode: Mode

  let folder: Folder
  let index: IndexEnvironment
  let format: RowFormat
  let openShards = OpenShards()
  /// Nil in a handle that reads.
  let writer: Mutex<WriterState?>

  static let indexFolder = "index"

  private init(
    _ folder: Folder, _ descriptor: FeatureCacheDescriptor, index: IndexEnvironment,
    writer: consuming WriterState?
  ) {
    path = folder.path
    self.folder = folder
    self.descriptor = descriptor
    self.index = index
    format = RowFormat(descriptor)
    mode = writer == nil ? .read : .write
    self.writer = Mutex(writer)
  }

  /// Creates a cache in a folder without one and opens it for writing.
  ///
  /// - Parameter initialMapBytes: the first size of the index's map, which grows by itself.
  /// - Throws: `alreadyExists` where a cache, pieces of one, or a stranger's `index` are in the way.
  package static func create(
    at path: String, descriptor: FeatureCacheDescriptor, initialMapBytes: Int = 1 << 26
  ) throws(FeatureCacheError) -> FeatureCache {
    let folder = Folder(path)
    try folder.create()
    try refuseNetworkFileSystem(path)
    let hasLockFile = folder.contains(WriterLock.name)
    let lock = try WriterLock(folder)
    do throws(FeatureCacheError) {
      try refuseRemains(in: folder)
    } catch {
      // A stranger's folder is left as it was.
      if !hasLockFile { try folder.removeFile(WriterLock.name) }
      throw error
    }
    let indexes = Folder(folder.file(indexFolder))
    try folder.remove(indexFolder)
    try indexes.create()
    try IndexEnvironment.create(indexes, mapBytes: initialMapBytes)
    try DescriptorFile.write(descriptor, to: folder)
    let index = try IndexRegistry.environment(indexes, initialMapBytes: initialMapBytes)
    return FeatureCache(folder, descriptor, index: index, writer: WriterState(lock: lock, next: 1))
  }

  /// Opens the cache in a folder, without a look at other generations.
  static func open(
    _ folder: Folder, mode: Mode, initialMapBytes: Int = 1 << 26
  ) throws(FeatureCacheError) -> FeatureCache {
    let descriptor = try DescriptorFile.read(from: folder)
    try refuseNetworkFileSystem(folder.path)
    let lock = mode == .write ? try WriterLock(folder) : nil
    if lock != nil { try clearRemains(in: folder) }
    let index = try IndexRegistry.environment(
      Folder(folder.file(indexFolder)), initialMapBytes: initialMapBytes)
    guard let lock else {
      return FeatureCache(folder, descriptor, index: index, writer: nil)
    }
    guard !index.isReadOnly else { throw .readOnly(index.folder.path, "write the index") }
    try removeRetired(folder, index)
    let next = try adoptOrphans(folder, descriptor, index)
    return FeatureCache(
      folder, descriptor, index: index, writer: WriterState(lock: lock, next: next))
  }

  /// A reading handle on a particular index of the folder.
  static func reader(
    _ folder: Folder, _ descriptor: FeatureCacheDescriptor, index: Folder
  ) throws(FeatureCacheError) -> FeatureCache {
    let index = try IndexRegistry.environment(index, initialMapBytes: 1 << 26)
    return FeatureCache(folder, descriptor, index: index, writer: nil)
  }
}
