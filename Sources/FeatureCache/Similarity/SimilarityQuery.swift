import Dispatch
import Synchronization

/// What a search over files and one over memory have in common.
enum SimilarityQuery {
  /// The queries as vectors of length 1, one behind the other.
  ///
  /// - Throws: `invalidVector` for another width, zeros, or numbers that are not finite.
  static func units(
    _ queries: [[Float]], width: Int, path: String
  ) throws(FeatureCacheError) -> [Float] {
    var units: [Float] = []
    units.reserveCapacity(queries.count * width)
    for query in queries {
      let square = query.reduce(0.0) { $0 + Double($1) * Double($1) }
      guard query.count == width, square.isFinite, square > 0 else {
        let reason =
          query.count == width
          ? "it is all zeros, or not finite"
          : "it has \(query.count) numbers, the cache's have \(width)"
        throw FeatureCacheError(
          code: .invalidVector, path: path,
          message: "nothing is similar to this vector: \(reason)",
          advice: "Ask with a vector of the encoder that filled the cache")
      }
      units += query.map { Float(Double($0) / square.squareRoot()) }
    }
    return units
  }

  /// How many keys to find for so many items: a few have none, or only omitted ones.
  static func limit(_ top: Int, _ omitting: Set<ItemID>) -> Int { top + omitting.count + 8 }

  /// Runs `work` in several threads and joins what they find. Each asks for the next part until
  /// there is none; the first error ends all.
  static func inParallel(
    parts: Int, threads: Int?, count: Int, limit: Int,
    _ work: @Sendable (_ next: () -> Int?) throws(FeatureCacheError) -> [TopRows]
  ) throws(FeatureCacheError) -> [TopRows] {
    let next = Atomic(0)
    let outcome = Mutex<Result<[TopRows], FeatureCacheError>>(
      .success(Array(repeating: TopRows(limit: limit), count: count)))
    let workers = max(1, min(threads ?? coreCount(), parts))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      do throws(FeatureCacheError) {
        let found = try work {
          let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
          return part < parts ? part : nil
        }
        outcome.withLock { outcome in
          guard case .success(var best) = outcome else { return }
          for (query, rows) in found.enumerated() {
            for entry in rows.entries { best[query].add(entry) }
          }
          outcome = .success(best)
        }
      } catch {
        next.store(parts, ordering: .relaxed)
        outcome.withLock { outcome in
          if case .success = outcome { outcome = .failure(error) }
        }
      }
    }
    return try outcome.withLock { $0 }.get()
  }

  /// The items of the best rows: best first, those of one cosine in the byte order of their ids.
  static func neighbours(
    _ rows: [TopRows.Entry], _ items: [FeatureKey: [ItemID]], _ omitting: Set<ItemID>, _ top: Int
  ) -> [Neighbour] {
    var all: [(item: ItemID, score: Float)] = []
    for row in rows {
      for item in items[row.key] ?? [] where !omitting.contains(item) {
        all.append((item, row.score))
      }
    }
    all.sort { ($1.score, $0.item) < ($0.score, $1.item) }
    return all.prefix(top).map { Neighbour(item: $0.item.text, cosine: $0.score) }
  }
}
