public import RankingData
public import Slates

/// Requests in, lists out, line by line, in memory that does not grow with the file.
public enum RequestStream {
  /// Ranks the requests of a file (`-` is standard input) to standard output.
  /// - Returns: the number of requests, and what was unknown or missing in them.
  /// - Throws: `RankingDataError` naming file, line and column; lists before it are written.
  public static func rank(
    _ input: String, with ranker: RequestRanker, output: String = "-"
  ) throws -> (lists: Int, report: FeatureReport) {
    var report = FeatureReport()
    let count = try transform(input, output) { (request: RankingRequest) in
      ranker.rank(request, report: &report)
    }
    return (count, report)
  }

  /// Arranges the lists of a file (`-` is standard input) to standard output.
  ///
  /// - Parameters:
  ///   - requests: the requests that a ranker answered with these lists, in the same order, for rules
  ///     about item features and history; or nil.
  ///   - catalogue: item features (CSV), for categories and rules; or nil.
  /// - Returns: the number of lists.
  /// - Throws: as `rank`, and `SlateError` for vectors that do not fit the model.
  public static func rerank(
    _ input: String, with reranker: SlateReranker, requests: String? = nil,
    catalogue: String? = nil, output: String = "-"
  ) throws -> Int {
    var join = try RequestJoin(
      requests: requests, catalogue: try catalogue.map { try Catalogue(path: $0) },
      features: reranker.rules.features.union(reranker.model?.featureNames ?? []))
    return try transform(input, output) { (request: RankingRequest) in
      try reranker.rerank(try join.complete(request))
    }
  }

  /// A sentence about what a stream of requests brought.
  public static func summary(_ lists: Int, _ report: FeatureReport) -> String {
    var parts = ["\(lists) requests, \(report.rows) candidates"]
    if report.withoutImage > 0 { parts.append("\(report.withoutImage) without an image") }
    for (what, fields) in [
      ("unknown", report.unknown), ("missing", report.missing), ("unreadable", report.unreadable),
    ] {
      for (field, count) in fields.sorted(by: { $0.key < $1.key }) {
        parts.append("\(count) \(what) \(field)")
      }
    }
    return parts.joined(separator: ", ")
  }

  private static func transform<Input: JSONLine, Output: JSONLine>(
    _ input: String, _ output: String, _ body: (Input) throws -> Output
  ) throws -> Int {
    var reader = try JSONLinesReader<Input>(path: input)
    var writer = try JSONLinesWriter(path: output)
    var count = 0
    do {
      while let value = try reader.next() {
        do {
          try writer.write(try body(value))
        } catch let error as RankingDataError {
          throw reader.located(error)
        }
        count += 1
        // Whoever asks one question at a time gets each answer before the next.
        if !reader.hasLine { try writer.flush() }
      }
    } catch {
      // What was computed before a bad line is not lost with it.
      try writer.flush()
      throw error
    }
    try writer.flush()
    return count
  }
}
