import FeatureCache
public import RankingData

/// The vectors of a feature cache as rankers and slates see them, with the version they belong to.
public struct VisualFeatures: Sendable {
  /// One vector an item.
  public let table: VisualTable
  /// Encoder, preprocessing and precision that made them. A model refuses any other.
  public let version: String

  /// Loads a whole cache into memory, checking every row's checksum.
  /// - Throws: the cache's own error, naming the shard and key at fault.
  public init(cache path: String) throws {
    let cache = try FeatureCache.open(at: path, mode: .read)
    let (ids, width, vectors) = try cache.loadTable()
    table = VisualTable(ids: ids, width: width, vectors: vectors)
    let descriptor = cache.descriptor
    version = "\(descriptor.encoder)/\(descriptor.preprocessing)/\(descriptor.precision)"
  }
}
