/// A failure of the feature cache: what failed, on which path, why, and what to do about it.
package struct FeatureCacheError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure, for callers that react differently to each.
  package enum Code: String, Sendable {
    /// There is no cache, shard or file where one was expected.
    case notFound
    /// `create` found a cache, or pieces of one.
    case alreadyExists
    /// The caller's encoder, preprocessing or precision is not the one that filled the cache.
    case descriptorMismatch
    /// `cache.json` is damaged.
    case damagedDescriptor
    /// `cache.json` is from another version of the format.
    case unsupportedVersion
    /// The index is missing: it can be rebuilt from the shards.
    case indexMissing
    /// The index is damaged: it can be rebuilt from the shards.
    case damagedIndex
    /// Another process has repaired the cache: the open handle shows the index of before.
    case indexReplaced
    /// LMDB refused for a reason that is not damage.
    case indexFailure
    /// The index map is too small; handled inside the room by growing it.
    case indexFull
    /// Another process has grown the index map; handled inside the room by following.
    case indexResized
    /// A shard or its sidecar is missing, cut short or overwritten.
    case damagedShard
    /// A stored row does not match its checksum.
    case damagedRow
    /// A file has taken the last shard number.
    case noShardNumber
    /// Another process or handle is writing this cache.
    case writerBusy
    /// A writing call on a handle opened for reading, or on a folder that cannot be written.
    case readOnly
    /// The disk has no room for what is to be written.
    case diskFull
    /// The operating system refused.
    case systemFailure
    /// An item id that the cache cannot hold.
    case invalidItem
    /// A vector of the wrong width, or with values that the element type cannot hold.
    case invalidVector
    /// A link to a key that is not in the cache.
    case unknownKey
    /// The only generation of a cache cannot be removed from it.
    case lastGeneration
    /// An export would put its ids beside the features of another.
    case exportInTheWay
    /// The folder lies on a network file system, where the index's locks do not work.
    case networkFileSystem
  }

  package let code: Code
  /// The file or folder concerned.
  package let path: String
  /// What failed and why.
  package let message: String
  /// What the user can do.
  package let advice: String

  package var description: String { "\(path): \(message). \(advice)" }
}

extension FeatureCacheError {
  static func missingIndex(_ path: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .indexMissing, path: path, message: "the index is missing",
      advice: "Rebuild it from the shards: vitrine cache repair")
  }

  static func replacedIndex(_ path: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .indexReplaced, path: path,
      message: "the index was replaced or removed while it was open, by a repair or a drop",
      advice: "Open the cache again")
  }

  /// - Parameter differences: of the cache, or of each generation.
  static func descriptorMismatch(
    _ path: String, _ differences: [String], isOnly: Bool
  ) -> FeatureCacheError {
    FeatureCacheError(
      code: .descriptorMismatch, path: path,
      message: (isOnly ? "the cache was filled differently: " : "no generation is the right one: ")
        + differences.joined(separator: "; "),
      advice: "Vectors of different encoders do not mix: open it with the encoder that filled it; "
        + "vitrine extract with another encoder adds a generation")
  }

  static func damagedIndex(_ path: String, _ why: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .damagedIndex, path: path, message: "the index is damaged: \(why)",
      advice: "No vector was served from it; rebuild it from the shards: vitrine cache repair")
  }

  static func damagedShard(_ path: String, _ why: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .damagedShard, path: path, message: "the shard is damaged: \(why)",
      advice: "vitrine cache repair sets it aside and keeps what can be read; extracting again "
        + "refills the rest")
  }

  /// A sound shard that was written for other vectors.
  static func foreignShard(_ path: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .descriptorMismatch, path: path,
      message: "the shard belongs to a cache of another encoder, preprocessing or precision",
      advice: "Move its two files out of this folder, or name the encoder that filled the cache")
  }

  static func damagedRow(_ path: String, row: Int, key: FeatureKey) -> FeatureCacheError {
    FeatureCacheError(
      code: .damagedRow, path: path,
      message: "row \(row), key \(key), does not match its checksum",
      advice: "vitrine cache repair drops the row, and extracting again refills it")
  }

  static func readOnly(_ path: String, _ what: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .readOnly, path: path, message: "cannot \(what): the cache is open for reading",
      advice: "Open it with mode .write, in a folder that you may write")
  }

  static func diskFull(_ path: String, needed: Int, free: Int) -> FeatureCacheError {
    FeatureCacheError(
      code: .diskFull, path: path,
      message: "the disk is full: \(needed) bytes needed, \(free) bytes free",
      advice: "Nothing committed was lost; free some space and run again, it resumes")
  }

  /// A failed system call, by its `errno`.
  static func system(_ path: String, _ call: String, _ number: Int32) -> FeatureCacheError {
    FeatureCacheError(
      code: .systemFailure, path: path,
      message: "\(call) failed: \(errorText(number)) (errno \(number))",
      advice: "Check that the path exists, its permissions and the disk")
  }
}
