import FeatureCache
import VisualEncoder

extension FeatureStore {
  /// What a check has found.
  public struct Verification: Sendable, Codable {
    /// Records checked.
    public var rows = 0
    /// What is damaged, one line each; none if the cache is sound.
    public var problems: [String] = []
  }

  /// Checks every record.
  public static func verify(_ path: String, generation: Int? = nil) throws -> Verification {
    var found = Verification()
    let all = try chosen(path, generation)
    for generation in all {
      do {
        let report = try FeatureCache.open(at: path, generation: generation.number).verify()
        found.rows += report.rowsChecked
        found.problems += report.problems.map { "\($0)" }
      } catch {
        // One that does not open hides nothing about the others.
        guard all.count > 1 else { throw error }
        found.problems.append("\(error)")
      }
    }
    return found
  }

  /// What a repair has kept and lost.
  public struct Repair: Sendable, Codable {
    /// Shards that the new index knows.
    public var shards = 0
    /// Vectors kept.
    public var rows = 0
    /// Vectors that cannot be read any more; extracting again refills them.
    public var lostRows = 0
    /// Items that have no vector now.
    public var lostItems = 0
    /// What was damaged, one line each.
    public var problems: [String] = []
    /// Damaged files, renamed and left in the cache's folder.
    public var setAside: [String] = []
  }

  /// Rebuilds the index from the shards and reports what was lost. Damaged files are renamed.
  ///
  /// - Parameter encoder: the encoder that filled the cache; needed where `cache.json` is missing
  ///   or damaged. Generations of other encoders are left alone.
  /// - Throws: the cache's own error, naming what is in the way; the encoder's where it is no bundle.
  public static func repair(
    _ path: String, encoder: String? = nil, generation: Int? = nil
  ) throws -> Repair {
    var candidates: [FeatureCacheDescriptor] = []
    if let encoder {
      let bundle = try EncoderBundle.load(encoder)
      for precision in EncoderConfiguration.Precision.allCases
      where (try? bundle.check(precision, path: encoder)) != nil {
        let pipeline = ExtractionPipeline(bundle, precision: precision)
        candidates += [
          pipeline.descriptor(elementType: .float16), pipeline.descriptor(elementType: .float32),
        ]
      }
    }
    let all = try chosen(path, generation)
    let own = all.filter { generation in
      candidates.isEmpty || generation.descriptor.map(candidates.contains) ?? true
    }
    var total = Repair()
    // Of another encoder altogether, the first says in which way.
    for generation in own.isEmpty ? Array(all.prefix(1)) : own {
      let report = try FeatureCache.rebuildIndex(at: generation.path, descriptors: candidates)
      total.shards += report.shards
      total.rows += report.rows
      total.lostRows += report.lostRows
      total.lostItems += report.lostLinks
      total.problems += report.problems.map { "\($0)" }
      let prefix =
        generation.number == 1 ? "" : generation.path.split(separator: "/").last.map { "\($0)/" }
      total.setAside += report.setAside.map { (prefix ?? "") + $0 }
    }
    return total
  }

  /// What a merge has added.
  public struct Merge: Sendable, Codable {
    /// Vectors that the cache did not hold.
    public var vectors = 0
    /// Items that now have one of them, or another than before.
    public var items = 0
  }

  /// Takes over what other caches hold, each generation into the one of the same encoder; makes
  /// what there is not. Each is committed in parts, so an interrupted merge can be run again.
  ///
  /// - Throws: the cache's own error, naming the cache that is damaged.
  public static func merge(
    into path: String, from sources: [String], generation: Int? = nil
  ) throws -> Merge {
    var added = Merge()
    for source in sources {
      for generation in try chosen(source, generation) {
        let part = try FeatureCache.open(at: source, generation: generation.number)
        let destination = try FeatureCache.openOrCreate(at: path, descriptor: part.descriptor)
        let summary = try destination.merge(from: part)
        added.vectors += summary.rows
        added.items += summary.links
      }
    }
    return added
  }
}
