import RankingData
import RankingEvaluation

extension SlateJudge {
  /// Measures by logged clicks, of slates whose request has some; empty where nothing was logged.
  func clickColumns(_ slates: [RankedList]) throws -> [Column] {
    guard !labels.isEmpty else { return [] }
    // Cut as the slates are: what they are compared with may be longer.
    var metrics: [any ListMetric] = [AveragePrecision(cutoff: top)]
    for cutoff in Set([min(5, top), top]).sorted() { metrics.append(NDCG(cutoff: cutoff)) }
    var columns: [Column] = metrics.map { ($0.name, []) }
    for slate in slates {
      let (shown, ideal) = try grades(of: slate)
      for index in metrics.indices {
        columns[index].values.append(metrics[index].value(shown.span, ideal: ideal.span))
      }
    }
    let wanted = try slates.map { try intents(of: $0) }
    // Where a request has one wanted category, these measures say nothing of diversity.
    guard wanted.contains(where: { $0 != nil }) else { return columns }
    columns.append(("α-NDCG@\(top)", wanted.map { $0?.alphaNDCG }))
    columns.append(("ERR-IA@\(top)", wanted.map { $0?.err }))
    return columns
  }

  /// Coverage and Gini coefficient of what the slates show at the positions that count.
  func exposure(of slates: [RankedList]) throws -> [(name: String, value: Double)] {
    let shown = slates.flatMap { slate in slate.items.prefix(top).compactMap { offered[$0.id] } }
    guard !shown.isEmpty else { return [] }
    let exposure = try Exposure(shown: shown, catalogue: offered.count)
    return [("coverage", exposure.coverage), ("Gini coefficient", exposure.gini)]
  }

  /// Labels in the order of a slate, and of everything its request offered, best first.
  private func grades(of slate: RankedList) throws -> (shown: [Float], ideal: [Float]) {
    guard let labels = labels[slate.id] else { return ([], []) }
    let shown = slate.items.map { labels[$0.id] ?? 0 }
    try checkRelevance(Array(labels.values))
    return (shown, labels.values.sorted(by: >))
  }

  /// What users of one request wanted: the categories with a click, each as likely.
  private func intents(of slate: RankedList) throws -> (alphaNDCG: Double, err: Double)? {
    guard let labels = labels[slate.id], let request = requests[slate.id] else { return nil }
    let categories = categories(asked: slate.id)
    func serves(_ id: String) -> String? {
      labels[id].map { $0 > 0 } == true ? categories[id] : nil
    }
    let wanted = Set(request.items.compactMap { serves($0.id) }).sorted()
    guard !wanted.isEmpty else { return nil }
    let numbers = Dictionary(uniqueKeysWithValues: zip(wanted, 0...))
    func sets(_ ids: [String]) -> [Set<Int>] {
      ids.map { id in Set(serves(id).map { [numbers[$0] ?? 0] } ?? []) }
    }
    let metric = AlphaNDCG(cutoff: top)
    let all = sets(request.items.map(\.id))
    let shown = sets(slate.items.map(\.id))
    let best = metric.dcg(metric.idealOrder(all).map { all[$0] })
    return (
      metric.dcg(shown) / best,
      try intentAwareERR(
        wanted.indices.map { intent in shown.map { $0.contains(intent) ? 1 : 0 } },
        probabilities: [Double](repeating: 1 / Double(wanted.count), count: wanted.count),
        highestGrade: 1, cutoff: top)
    )
  }
}
