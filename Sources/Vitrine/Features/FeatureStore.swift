import FeatureCache
import VisualEncoder

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

  /// What a check has found.
  public struct Verification: Sendable, Codable {
    /// Records checked.
    public var rows: Int
    /// What is damaged, one line each; none if the cache is sound.
    public var problems: [String]
  }

  /// Checks every record.
  public static func verify(_ path: String) throws -> Verification {
    let report = try FeatureCache.open(at: path, mode: .read).verify()
    return Verification(rows: report.rowsChecked, problems: report.problems.map { "\($0)" })
  }

  /// What a repair has kept and lost.
  public struct Repair: Sendable, Codable {
    /// Shards that the new index knows.
    public var shards: Int
    /// Vectors kept.
    public var rows: Int
    /// Vectors that cannot be read any more; extracting again refills them.
    public var lostRows: Int
    /// Items that have no vector now.
    public var lostItems: Int
    /// What was damaged, one line each.
    public var problems: [String]
    /// Damaged files, renamed and left in the cache's folder.
    public var setAside: [String]
  }

  /// Rebuilds the index from the shards and reports what was lost. Damaged files are renamed.
  ///
  /// - Parameter encoder: the encoder that filled the cache; needed where `cache.json` is missing
  ///   or damaged, and compared with it elsewhere.
  /// - Throws: the cache's own error, naming what is in the way; the encoder's where it is no bundle.
  public static func repair(_ path: String, encoder: String? = nil) throws -> Repair {
    var candidates: [FeatureCacheDescriptor] = []
    if let encoder {
      let pipeline = ExtractionPipeline(try EncoderBundle.load(encoder))
      candidates = [
        pipeline.descriptor(elementType: .float16), pipeline.descriptor(elementType: .float32),
      ]
    }
    let report = try FeatureCache.rebuildIndex(at: path, descriptors: candidates)
    return Repair(
      shards: report.shards, rows: report.rows, lostRows: report.lostRows,
      lostItems: report.lostLinks, problems: report.problems.map { "\($0)" },
      setAside: report.setAside)
  }

  /// What a merge has added.
  public struct Merge: Sendable, Codable {
    /// Vectors that the cache did not hold.
    public var vectors = 0
    /// Items that now have one of them, or another than before.
    public var items = 0
  }

  /// Takes over what other caches of the same encoder hold; makes the destination if there is none.
  /// Each source is committed in parts, so an interrupted merge can be run again.
  ///
  /// - Throws: the cache's own error, naming the cache that differs or is damaged.
  public static func merge(into path: String, from sources: [String]) throws -> Merge {
    var added = Merge()
    for source in sources {
      let source = try FeatureCache.open(at: source, mode: .read)
      let destination = try FeatureCache.openOrCreate(at: path, descriptor: source.descriptor)
      let summary = try destination.merge(from: source)
      added.vectors += summary.rows
      added.items += summary.links
    }
    return added
  }

  /// The vector of an item, or nil.
  public static func vector(_ path: String, item: String) throws -> [Float]? {
    try FeatureCache.open(at: path, mode: .read).vector(forItem: item)
  }
}
