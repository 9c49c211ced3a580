import FeatureCache

extension FeatureStore {
  /// A cache with all its generations.
  public struct Overview: Sendable, Codable {
    /// Those that can be read, oldest first.
    public var generations: [Info]
    /// What keeps the others from being read, one line each.
    public var problems: [String]
  }

  /// Describes every generation of a cache.
  /// - Throws: the cache's own error where there is none.
  public static func overview(_ path: String) throws -> Overview {
    var overview = Overview(generations: [], problems: [])
    for generation in try FeatureCache.generations(at: path) {
      do {
        overview.generations.append(try info(path, generation))
      } catch {
        overview.problems.append("\(error)")
      }
    }
    return overview
  }

  /// Removes a generation with all its vectors.
  /// - Throws: the cache's own error, as for the only generation or one that is being written.
  public static func drop(_ path: String, generation: Int) throws {
    try FeatureCache.drop(generation: generation, at: path)
  }
}
