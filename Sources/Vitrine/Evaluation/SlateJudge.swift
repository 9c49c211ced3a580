import Foundation
public import RankingData
import RankingEvaluation

/// Judges arranged lists by up to four measures, each where its source is given:
///
/// - **clicks per slate** and **click-through rate** by a simulated world, whose clicks are known
///   exactly for any slate;
/// - **NDCG@k** by the clicks of a log;
/// - **visual diversity**: intra-list distance of the centred feature vectors, since plain cosines
///   of unrelated posters are all close to one;
/// - **category diversity**: the share of pairs of different categories.
///
/// Intervals come from 1000 resamples of requests.
public struct SlateJudge: Sendable {
  /// Positions that count.
  public var top: Int
  /// The simulated world, or nil.
  public var clicks: ClickSimulator?
  /// Vectors for the visual diversity, or nil.
  public var features: VisualFeatures?
  /// The requests that the slates answer.
  private let requests: [String: RankingRequest]
  /// Label of each item of each logged request; empty without a log.
  private var labels: [String: [String: Float]] = [:]
  private let centre: [Float]

  /// - Parameters:
  ///   - requests: what the slates answer.
  ///   - log: clicks by request, or nil.
  public init(
    top: Int = 10, requests: [RankingRequest], clicks: ClickSimulator? = nil,
    features: VisualFeatures? = nil, log: [LoggedRequest]? = nil
  ) {
    self.top = top
    self.clicks = clicks
    self.features = features
    self.requests = Dictionary(
      requests.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    centre = features.map { Self.mean(of: $0.table) } ?? []
    for logged in log ?? [] {
      labels[logged.request.id] = Dictionary(
        zip(logged.request.items.map(\.id), logged.labels), uniquingKeysWith: max)
    }
  }

  /// Judges slates, against others for the same requests if given.
  /// - Throws: `VitrineError` for a slate whose request is unknown, or others that do not match.
  public func report(on slates: [RankedList], against others: [RankedList]?) throws -> SlateReport {
    let values = try measure(slates)
    var differences: [MetricEstimate] = []
    let bootstrap = PairedBootstrap()
    if let others {
      guard others.map(\.id) == slates.map(\.id) else {
        throw VitrineError(
          "the two files of slates do not answer the same requests in the same order",
          remedy: "Make both from the same requests.")
      }
      let baseline = try measure(others)
      for (name, column) in values {
        guard let other = baseline.first(where: { $0.name == name })?.values else { continue }
        let pairs = zip(other, column).compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
        if pairs.isEmpty { continue }
        differences.append(
          MetricEstimate(
            name, try bootstrap.meanDifference(pairs.map(\.0), pairs.map(\.1))))
      }
    }
    let metrics = try values.compactMap { name, column -> MetricEstimate? in
      let known = column.compactMap { $0 }
      guard !known.isEmpty else { return nil }
      return MetricEstimate(name, try bootstrap.meanDifference(known.map { _ in 0 }, known))
    }
    return SlateReport(slates: slates.count, metrics: metrics, differences: differences)
  }

  private typealias Column = (name: String, values: [Double?])

  /// One value a slate for each measure; nil where it says nothing of a slate.
  private func measure(_ slates: [RankedList]) throws -> [Column] {
    var columns: [Column] = []
    if let clicks {
      let expected = try slates.map { slate -> Double in
        let request = try request(of: slate)
        return try clicks.expectedClicks(
          user: request.user ?? "", device: request.context["device"]?.identifier,
          slate: slate.items.prefix(top).map(\.id))
      }
      columns.append(("clicks per slate", expected))
      columns.append(
        (
          "click-through rate",
          zip(slates, expected).map { slate, clicks in
            slate.items.isEmpty ? nil : clicks / Double(min(top, slate.items.count))
          }
        ))
    }
    if !labels.isEmpty {
      columns.append(("NDCG@\(top)", try slates.map(ndcg)))
    }
    if let table = features?.table {
      columns.append(("visual diversity", try slates.map { try visualDistance($0, table) }))
    }
    columns.append(
      ("category diversity", slates.map { intraListDistance(categories: categories(of: $0)) }))
    return columns
  }

  private func request(of slate: RankedList) throws -> RankingRequest {
    guard let request = requests[slate.id] else {
      throw VitrineError(
        "the slate \"\(slate.id)\" answers none of the requests given",
        remedy: "Pass the requests that were ranked with --requests.")
    }
    return request
  }

  private func ndcg(_ slate: RankedList) throws -> Double? {
    guard let labels = labels[slate.id] else { return nil }
    return try NDCG(cutoff: top)(
      slate.items.map { labels[$0.id] ?? 0 }, candidates: Array(labels.values))
  }

  private func categories(of slate: RankedList) -> [String?] {
    let asked = requests[slate.id].map { request in
      Dictionary(
        request.items.map { ($0.id, $0.category) }, uniquingKeysWith: { first, _ in first })
    }
    return slate.items.prefix(top).map { $0.category ?? asked?[$0.id] ?? nil }
  }

  private func visualDistance(_ slate: RankedList, _ table: VisualTable) throws -> Double? {
    var vectors: [Float] = []
    for item in slate.items.prefix(top) {
      let row = table.row(of: item.id)
      if row >= 0 { vectors += zip(table.vector(row), centre).map { $0 - $1 } }
    }
    return try intraListDistance(vectors: vectors, width: table.width)
  }

  private static func mean(of table: VisualTable) -> [Float] {
    var sums = [Double](repeating: 0, count: table.width)
    for row in 0..<Int32(table.count) {
      for (column, value) in table.vector(row).enumerated() { sums[column] += Double(value) }
    }
    return sums.map { Float($0 / Double(max(table.count, 1))) }
  }
}
