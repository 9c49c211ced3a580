public import RankingData
public import Slates

/// What diversity costs: the same lists arranged by each diversifier at many trade-offs, judged
/// against the plain ranking.
public struct DiversityCurve: Sendable, Codable {
  /// The slates of the plain ranking, cut to the same length.
  public var ranking: SlateReport
  /// One course for each diversifier.
  public var series: [Series]

  /// A diversifier at every trade-off.
  public struct Series: Sendable, Codable {
    /// Its name.
    public var name: String
    /// From all diversity to all relevance.
    public var points: [Point]
  }

  /// One setting.
  public struct Point: Sendable, Codable {
    /// 1 keeps the ranking, 0 looks only at diversity.
    public var tradeOff: Double
    /// Its slates, with differences to the plain ranking.
    public var report: SlateReport
  }

  /// Arranges and judges the lists at every setting.
  ///
  /// - Parameters:
  ///   - lists: What a ranker answered.
  ///   - judge: Knows the requests, and the log or world that says what is relevant.
  ///   - reranker: Makes the re-ranker of a diversifier; the slates have the judge's length.
  ///   - diversifiers: Names and what they are at a trade-off.
  ///   - tradeOffs: Ascending, in 0...1.
  /// - Throws: as the judge, and `SlateError` for vectors that do not fit.
  public init(
    _ lists: [RankedList], judge: SlateJudge,
    reranker: (Diversifier) throws -> SlateReranker,
    diversifiers: [(name: String, at: (Double) throws -> Diversifier)], tradeOffs: [Double],
    report: (String) -> Void = { _ in }
  ) throws {
    let plain = try reranker(.none)
    let base = try lists.map { try plain.rerank($0) }
    ranking = try judge.report(on: base, against: nil)
    series = try diversifiers.map { name, diversifier in
      Series(
        name: name,
        points: try tradeOffs.map { tradeOff in
          let reranker = try reranker(diversifier(tradeOff))
          let slates = try lists.map { try reranker.rerank($0) }
          report("\(name) \(tradeOff)")
          return Point(
            tradeOff: tradeOff, report: try judge.report(on: slates, against: base))
        })
    }
  }

  /// Change of a metric against the plain ranking, as a share of it; nil where it was not measured.
  public func change(_ metric: String, at point: Point) -> Double? {
    guard let base = ranking.metrics.first(where: { $0.metric == metric })?.value, base != 0,
      let difference = point.report.differences.first(where: { $0.metric == metric })?.value
    else { return nil }
    return difference / base
  }

  /// What was measured of relevance: clicks of a world, or NDCG of a log.
  public var relevance: String? {
    let names = ranking.metrics.map(\.metric)
    return names.first { $0.hasPrefix("NDCG@") } ?? names.first { $0 == "clicks per slate" }
  }

  /// What was measured of diversity.
  public var diversities: [String] {
    ranking.metrics.map(\.metric).filter { $0.hasSuffix(" diversity") }
  }

  /// Change of diversity along, change of relevance upwards, one line for each diversifier and kind
  /// of diversity; nil where relevance was not measured. An SVG document.
  public func plot(title: String) -> String? {
    guard let relevance else { return nil }
    let lines = series.flatMap { one in
      diversities.map { diversity in
        LineChart.Series(
          "\(one.name) \(diversity.replacing(" diversity", with: ""))",
          one.points.compactMap { point in
            guard let x = change(diversity, at: point), let y = change(relevance, at: point) else {
              return nil
            }
            return (100 * x, 100 * y)
          })
      }
    }
    return LineChart(
      title: title, horizontal: "change of diversity, %", vertical: "change of \(relevance), %",
      series: lines
    ).drawing().svg()
  }
}
