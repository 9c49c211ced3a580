import FeatureCache

/// Looks after feature caches: `vitrine cache`.
public enum FeatureStore {
  /// What a cache holds.
  public struct Info: Sendable, Codable {
    /// Where it is.
    public var path: String
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

  /// Describes a cache.
  /// - Throws: the cache's own error.
  public static func info(_ path: String) throws -> Info {
    let info = try FeatureCache.open(at: path, mode: .read).info
    return Info(
      path: info.path, items: info.items, vectors: info.keys, width: info.descriptor.width,
      elementType: info.descriptor.elementType.rawValue, encoder: info.descriptor.encoder,
      preprocessing: info.descriptor.preprocessing, precision: info.descriptor.precision,
      shards: info.shards, shardBytes: info.shardBytes, indexBytes: info.indexBytes,
      orphanShards: info.orphans)
  }

  /// Writes `features.npy` (float32) and `ids.txt`, row for row, sorted by id.
  /// - Returns: the number of rows.
  public static func export(_ path: String, to folder: String) throws -> Int {
    try FeatureCache.open(at: path, mode: .read).export(toDirectory: folder)
  }

  /// Checks every record; the problems found, none if the cache is sound.
  public static func verify(_ path: String) throws -> (rows: Int, problems: [String]) {
    let report = try FeatureCache.open(at: path, mode: .read).verify()
    return (report.rowsChecked, report.problems.map { "\($0)" })
  }

  /// Rebuilds the index from the shards and reports what was lost.
  public static func repair(_ path: String) throws -> String {
    let report = try FeatureCache.rebuildIndex(at: path)
    return
      "\(path): \(report.rows) rows of \(report.shards) shards kept, \(report.lostRows) damaged"
      + " rows dropped (extract refills them)"
  }

  /// The vector of an item, or nil.
  public static func vector(_ path: String, item: String) throws -> [Float]? {
    try FeatureCache.open(at: path, mode: .read).vector(forItem: item)
  }
}
