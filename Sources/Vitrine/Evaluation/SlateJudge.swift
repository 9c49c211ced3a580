import Foundation
public import RankingData
import RankingEvaluation

/// Judges arranged lists by several measures, each where its source is given:
///
/// - **clicks per slate** and **click-through rate** by a simulated world, whose clicks are known
///   exactly for any slate;
/// - **MAP**, **NDCG@5** and **NDCG@k** by the clicks of a log, or of the requests themselves;
/// - **α-NDCG** and **ERR-IA** by the same clicks, the categories being what users may want;
/// - **visual diversity**: intra-list distance of the centred feature vectors, since plain cosines
///   of unrelated posters are all close to one;
/// - **category diversity**: the share of pairs of different categories;
/// - **coverage** and **Gini coefficient** of what all slates show together, of everything the
///   requests offer.
///
/// Intervals come from 1000 resamples of users; a request without one stands for itself.
public struct SlateJudge: Sendable {
  /// Positions that count.
  public var top: Int
  /// The simulated world, or nil.
  public var clicks: ClickSimulator?
  /// Vectors for the visual diversity, or nil.
  public var features: VisualFeatures?
  /// The requests that the slates answer.
  let requests: [String: RankingRequest]
  /// Label of each item of each logged request; empty where no click was logged.
  private(set) var labels: [String: [String: Float]] = [:]
  private let centre: [Float]
  /// The place of each item that the requests offer.
  let offered: [String: Int32]

  /// - Parameters:
  ///   - requests: what the slates answer. Where their items say whether they were clicked, that is
  ///     what the slates are judged by.
  ///   - log: clicks by request, in the place of those.
  public init(
    top: Int = 10, requests: [RankingRequest], clicks: ClickSimulator? = nil,
    features: VisualFeatures? = nil, log: [LoggedRequest]? = nil
  ) {
    self.top = top
    self.clicks = clicks
    self.features = features
    self.requests = Dictionary(
      requests.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    centre = features.map { $0.table.mean() ?? [Float](repeating: 0, count: $0.table.width) } ?? []
    let ids = Set(requests.lazy.flatMap(\.items).map(\.id)).sorted()
    offered = Dictionary(uniqueKeysWithValues: zip(ids, Int32(0)...))
    guard let log else {
      for request in requests where request.items.contains(where: { $0.clicked != nil }) {
        labels[request.id] = Dictionary(
          request.items.map { ($0.id, $0.clicked == true ? 1 : 0) }, uniquingKeysWith: max)
      }
      return
    }
    for logged in log {
      labels[logged.request.id] = Dictionary(
        zip(logged.request.items.map(\.id), logged.labels), uniquingKeysWith: max)
    }
  }

  /// Judges slates, against others for the same requests if given.
  /// - Throws: `VitrineError` for a slate whose request is unknown, or others that do not match.
  public func report(on slates: [RankedList], against others: [RankedList]?) throws -> SlateReport {
    if let others, others.map(\.id) != slates.map(\.id) {
      throw VitrineError(
        "the two files of slates do not answer the same requests in the same order",
        remedy: "Make both from the same requests.")
    }
    let users = try slates.map { try request(of: $0).user ?? "\n\($0.id)" }
    let values = try measure(slates)
    let baseline = try others.map(measure) ?? []
    let exposure = try exposure(of: slates)
    return SlateReport(
      slates: slates.count,
      metrics: try values.compactMap {
        MetricEstimate($0.name, try interval(nil, $0.values, users))
      } + exposure.map { MetricEstimate($0.name, value: $0.value, nil) },
      differences: try zip(baseline, values).compactMap {
        MetricEstimate(difference: $1.name, try interval($0.values, $1.values, users))
      }
        + zip(others.map(exposure(of:)) ?? [], exposure).map {
          MetricEstimate($1.name, value: $1.value - $0.value, nil)
        })
  }

  /// The mean of `b`, or of `b - a`, over the slates of which both say something; nil where there
  /// are none.
  private func interval(
    _ a: [Double?]?, _ b: [Double?], _ users: [String]
  ) throws -> BootstrapInterval? {
    var units: [String: Int] = [:]
    var sums: [(a: Double, b: Double, count: Double)] = []
    for (slate, user) in users.enumerated() {
      guard let value = b[slate], let other = a.map({ $0[slate] }) ?? 0 else { continue }
      let unit = units[user] ?? sums.count
      if unit == sums.count {
        units[user] = unit
        sums.append((0, 0, 0))
      }
      sums[unit].a += other
      sums[unit].b += value
      sums[unit].count += 1
    }
    guard !sums.isEmpty else { return nil }
    return try PairedBootstrap().ratioDifference(
      sums.map(\.a), sums.map(\.b), weights: sums.map(\.count))
  }

  typealias Column = (name: String, values: [Double?])

  /// One value a slate for each measure; nil where it says nothing of a slate.
  private func measure(_ slates: [RankedList]) throws -> [Column] {
    var columns: [Column] = []
    if let clicks {
      let expected = try slates.map { slate -> Double in
        let request = try request(of: slate)
        do {
          return try clicks.expectedClicks(
            user: request.user ?? "", device: request.context["device"]?.identifier,
            slate: slate.items.prefix(top).map(\.id))
        } catch {
          throw VitrineError(
            "the slate \"\(slate.id)\": \(error)",
            remedy: "Pass the truth.json of the simulation that the requests come from.")
        }
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
    columns += try clickColumns(slates)
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

  private func categories(of slate: RankedList) -> [String?] {
    let asked = categories(asked: slate.id)
    return slate.items.prefix(top).map { $0.category ?? asked[$0.id] }
  }

  /// The categories that a request says of its items.
  func categories(asked request: String) -> [String: String] {
    Dictionary(
      (requests[request]?.items ?? []).compactMap { item in item.category.map { (item.id, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private func visualDistance(_ slate: RankedList, _ table: VisualTable) throws -> Double? {
    var vectors: [Float] = []
    for item in slate.items.prefix(top) {
      let row = table.row(of: item.id)
      if row >= 0 { vectors += zip(table.vector(row), centre).map { $0 - $1 } }
    }
    return try intraListDistance(vectors: vectors, width: table.width)
  }
}
