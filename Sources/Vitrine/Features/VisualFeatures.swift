import FeatureCache
public import RankingData

/// The vectors of a feature cache as rankers and slates see them, with the version they belong to.
public struct VisualFeatures: Sendable {
  /// One vector an item.
  public let table: VisualTable
  /// Encoder, preprocessing and precision that made them. A model refuses any other.
  public let version: String

  /// Loads the newest generation of a cache into memory, checking every row's checksum.
  /// - Throws: the cache's own error, naming the shard and key at fault.
  public init(cache path: String) throws {
    try self.init(cache: path, version: nil)
  }

  /// Loads the generation of a version, as a model knows it that was trained with it.
  ///
  /// - Parameter version: nil for the newest, which is also taken where the cache holds no such
  ///   generation: the model then refuses it and says which versions differ.
  /// - Throws: the cache's own error, naming the shard and key at fault.
  public init(cache path: String, version: String?) throws {
    let match = try FeatureCache.generations(at: path).last { generation in
      generation.descriptor.map { Self.version(of: $0) == version } ?? false
    }
    let cache = try FeatureCache.open(at: path, generation: match?.number)
    let (ids, width, vectors) = try cache.loadTable()
    table = VisualTable(ids: ids, width: width, vectors: vectors)
    self.version = Self.version(of: cache.descriptor)
  }

  private static func version(of descriptor: FeatureCacheDescriptor) -> String {
    "\(descriptor.encoder)/\(descriptor.preprocessing)/\(descriptor.precision)"
  }
}
