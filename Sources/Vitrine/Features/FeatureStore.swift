import FeatureCache

/// Looks after feature caches: `vitrine cache`.
///
/// A cache holds one generation for each encoder, preprocessing and precision that filled it. Where a
/// call takes a generation and gets none, it means the newest, the one made last; `verify`, `repair`,
/// `compact` and `merge` then go through all of them.
public enum FeatureStore {
  /// What a cache holds.
  public struct Info: Sendable, Codable {
    /// Where it is.
    public var path: String
    /// The generation described here.
    public var generation: Int
    /// Item ids with a vector.
    public var items: Int
    /// Distinct images (and categories, where the encoder looks at them).
    public var vectors: Int
    /// Numbers in a vector.
    public var width: Int
    /// `float16` or `float32`.
    public var elementType: String
    /// Hash of the encoder.
    public var encoder: String
    /// Hash of the preprocessing.
    public var preprocessing: String
    /// How it was computed.
    public var precision: String
    /// Shards.
    public var shards: Int
    /// Size of the shards.
    public var shardBytes: Int
    /// Size of the index.
    public var indexBytes: Int
    /// Shards that the index does not know: left by a crash; `repair` takes them in.
    public var orphanShards: [String]
  }

  /// Describes one generation of a cache.
  /// - Throws: the cache's own error.
  public static func info(_ path: String, generation: Int? = nil) throws -> Info {
    let chosen = try FeatureCache.generation(at: path, number: generation)
    return try info(path, chosen)
  }

  static func info(_ path: String, _ generation: CacheGeneration) throws -> Info {
    let info = try FeatureCache.open(at: path, generation: generation.number).info
    return Info(
      path: info.path, generation: generation.number, items: info.items, vectors: info.keys,
      width: info.descriptor.width, elementType: info.descriptor.elementType.rawValue,
      encoder: info.descriptor.encoder, preprocessing: info.descriptor.preprocessing,
      precision: info.descriptor.precision, shards: info.shards, shardBytes: info.shardBytes,
      indexBytes: info.indexBytes, orphanShards: info.orphans)
  }

  /// A file format that other tools read.
  public enum Format: String, Sendable, CaseIterable {
    /// `features.npy` (float32) and `ids.txt`, row for row.
    case npy
    /// `features.safetensors` with the tensor `features`, and `ids.txt`, row for row.
    case safetensors
    /// `features.jsonl`: an id and its vector a line.
    case jsonl

    /// The files written.
    public var files: [String] {
      self == .jsonl ? ["features.jsonl"] : ["features.\(rawValue)", "ids.txt"]
    }
  }

  /// Writes all items with their vectors, sorted by id, in constant memory.
  /// - Returns: the number of rows.
  /// - Throws: the cache's own error; a damaged row ends the export and leaves an earlier one.
  @discardableResult
  public static func export(
    _ path: String, to folder: String, format: Format = .npy, generation: Int? = nil
  ) throws -> Int {
    let cache = try FeatureCache.open(at: path, generation: generation)
    guard let format = ExportFormat(rawValue: format.rawValue) else { return 0 }
    return try cache.export(toDirectory: folder, format: format)
  }

  /// The vector of an item, or nil.
  public static func vector(_ path: String, item: String, generation: Int? = nil) throws -> [Float]?
  {
    try FeatureCache.open(at: path, generation: generation).vector(forItem: item)
  }

  /// The generations that a call means which goes through all of them.
  static func chosen(_ path: String, _ number: Int?) throws -> [CacheGeneration] {
    let all = try FeatureCache.generations(at: path)
    guard let number else { return all }
    // Names the ones there are, where there is no such one.
    return try all.contains { $0.number == number }
      ? all.filter { $0.number == number } : [FeatureCache.generation(at: path, number: number)]
  }
}
