import RankingData
import RankingEvaluation

/// Logged lists beside the slates that another policy would have shown: one row for each logged
/// item.
struct LoggedRows {
  /// The lists as they were shown.
  private(set) var sessions: [ClickSession] = []
  /// Distinct items.
  private(set) var items = 0
  /// Position of each row.
  private(set) var logged: [Int] = []
  /// Position in the slate; nil where it does not show the item.
  private(set) var target: [Int?] = []
  /// 1 for a click.
  private(set) var rewards: [Double] = []
  /// Whom each list belongs to.
  private var users: [String] = []

  init(_ ranked: [RankedList], _ log: [RankingRequest]) throws {
    var table = ItemTable()
    let answers = Dictionary(ranked.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for request in log {
      guard request.items.contains(where: { $0.clicked != nil }) else {
        throw VitrineError(
          "the list \"\(request.id)\" does not say what was clicked",
          remedy: "Give logged lists, whose items have clicked: true or false.")
      }
      guard let slate = answers[request.id] else {
        throw VitrineError(
          "there is no slate for the list \"\(request.id)\"", remedy: "Arrange the same lists.")
      }
      let places = Dictionary(
        zip(slate.items.map(\.id), 0...), uniquingKeysWith: { first, _ in first })
      let ids = Set(request.items.map(\.id))
      if let stranger = slate.items.first(where: { !ids.contains($0.id) }) {
        throw VitrineError(
          "the slate \"\(slate.id)\" shows \"\(stranger.id)\", which the log did not",
          remedy: "Arrange the same lists: nothing is known of other items.")
      }
      sessions.append(
        ClickSession(
          items: request.items.map { table.insert($0.id) },
          clicks: request.items.map { $0.clicked == true }))
      users.append(request.user ?? "\n\(request.id)")
      for (place, item) in request.items.enumerated() {
        logged.append(place)
        target.append(places[item.id])
        rewards.append(item.clicked == true ? 1 : 0)
      }
    }
    items = table.ids.count
  }

  /// What is expected of each row where it was and where it would be: the attention to the position
  /// times how a click model of that family, fitted on the log, finds its item to attract.
  ///
  /// Attention is that of the weights. With that of the other family, the weighted residuals would
  /// not cancel the model where only the weights are right, and the estimate would not be doubly
  /// robust.
  func rewards(
    _ family: PolicyJudge.Family, _ examination: [Double]
  ) throws -> PolicyValue.RewardModel {
    let attraction =
      switch family {
      case .cascade: try CascadeModel.fit(sessions, items: items).attractiveness
      case .dbn: try DynamicBayesianModel.fit(sessions, items: items).attractiveness
      case .pbm: try PositionBasedModel.fit(sessions, items: items).attractiveness
      }
    let attracts = sessions.flatMap(\.items).map { attraction[Int($0)] }
    return PolicyValue.RewardModel(
      logged: zip(logged, attracts).map { examination[$0] * $1 },
      target: zip(target, attracts).map { place, attracts in
        place.map { examination[$0] * attracts } ?? 0
      })
  }

  /// Clicks an impression with intervals over users: of the log, of each estimate, and how much more
  /// it is than the log.
  func estimates(
    _ weights: [Double], _ model: PolicyValue.RewardModel?
  ) throws -> [MetricEstimate] {
    var places: [String: Int] = [:]
    var units: [SIMD8<Double>] = []
    var row = 0
    for (session, user) in zip(sessions, users) {
      let unit = places[user] ?? units.count
      if unit == units.count {
        places[user] = unit
        units.append(SIMD8())
      }
      for _ in session.items {
        let (weight, reward) = (weights[row], rewards[row])
        units[unit][0] += 1
        units[unit][1] += reward
        units[unit][2] += weight * reward
        units[unit][3] += weight
        if let model {
          units[unit][4] += model.target[row] + weight * (reward - model.logged[row])
        }
        row += 1
      }
    }
    typealias Statistic = (SIMD8<Double>) -> Double
    var named: [(name: String, Statistic)] = [
      ("inverse propensity", { $0[2] / $0[0] }), ("self-normalized", { $0[2] / $0[3] }),
    ]
    if model != nil { named.append(("doubly robust", { $0[4] / $0[0] })) }
    let log: Statistic = { $0[1] / $0[0] }
    // A rate of weighted impressions is no rate of impressions: only the others compare with the log.
    let compared = named.filter { $0.name != "self-normalized" }
    let statistics =
      [log] + named.map(\.1) + compared.map { estimate in { estimate.1($0) - log($0) } }
    let intervals = try PairedBootstrap().intervals(of: units, statistics)
    let values = ["as logged"] + named.map(\.name)
    let differences = compared.map { "\($0.name) less logged" }
    return zip(values, intervals).compactMap { MetricEstimate($0, $1) }
      + zip(differences, intervals[values.count...]).compactMap {
        MetricEstimate(difference: $0, $1)
      }
  }
}
