import RankingEvaluation
import Testing

@Suite struct RequestTests {
  private func metrics(_ empty: EmptyListPolicy = .excluded) -> [any ListMetric] {
    [
      NDCG(emptyLists: empty), NDCG(cutoff: 3, emptyLists: empty),
      AveragePrecision(emptyLists: empty), ReciprocalRank(emptyLists: empty),
      Hits(.precision, cutoff: 3, emptyLists: empty), Hits(.recall, cutoff: 3, emptyLists: empty),
      Hits(.hitRate, cutoff: 3, emptyLists: empty),
      ExpectedReciprocalRank(highestGrade: 3, emptyLists: empty),
    ]
  }

  @Test func rowsOfALogMatchScikitLearn() throws {
    let golden = try Golden.load().requests
    let requests = try RankedRequests(
      scores: golden.scores, labels: golden.labels, requests: golden.requests, ties: golden.ties)
    #expect(requests.highestGrade == 3)
    for (metric, mean) in zip(metrics(), golden.means) {
      #expect(metric.name == mean.metric)
      let value = metric.mean(requests)
      #expect(close(value.value, mean.value), "\(metric.name): \(value.value) \(mean.value)")
      #expect(value.lists == golden.lists)
    }
  }

  /// Whatever the order of the rows, since items break ties.
  @Test func theOrderOfRowsChangesNothing() throws {
    let golden = try Golden.load().requests
    var chance = Chance()
    let order = golden.scores.indices.shuffled(using: &chance)
    func moved<Value>(_ values: [Value]) -> [Value] { order.map { values[$0] } }
    let (a, b) = (
      try RankedRequests(
        scores: golden.scores, labels: golden.labels, requests: golden.requests, ties: golden.ties),
      try RankedRequests(
        scores: moved(golden.scores), labels: moved(golden.labels),
        requests: moved(golden.requests), ties: moved(golden.ties))
    )
    for metric in metrics(.zero) { #expect(metric.mean(a) == metric.mean(b), "\(metric.name)") }
  }

  @Test func emptyRequestsCountAsNamed() throws {
    let requests = try RankedRequests(
      scores: [2, 1, 5, 6], labels: [0, 1, 0, 0], requests: [4, 4, 9, 9])
    #expect(requests.count == 2 && requests.requests == [4, 9])
    for policy in EmptyListPolicy.allCases {
      let mean = ReciprocalRank(emptyLists: policy).mean(requests)
      #expect(mean.value == (policy == .excluded ? 0.5 : policy == .zero ? 0.25 : 0.75))
      #expect(mean.emptyShare == 0.5)
      let text = MetricConventions(emptyRequests: policy).description
      #expect(
        text.contains(
          policy == .excluded ? "left out" : policy == .zero ? "count 0" : "count 1"))
    }
  }

  @Test func monotoneTransformsAndEqualGainsChangeNothing() throws {
    let golden = try Golden.load().requests
    let a = try RankedRequests(
      scores: golden.scores, labels: golden.labels, requests: golden.requests, ties: golden.ties)
    let b = try RankedRequests(
      scores: golden.scores.map { $0 * 16 - 3 }, labels: golden.labels, requests: golden.requests,
      ties: golden.ties)
    for metric in metrics(.one) { #expect(metric.mean(a) == metric.mean(b)) }
  }

  @Test func longListsAndBadInput() throws {
    let grades = (0..<100).map { Float($0 % 7) }
    let requests = try RankedRequests(
      scores: grades, labels: grades, requests: [Int32](repeating: 0, count: 100))
    #expect(NDCG().mean(requests).value == 1)
    func refused(_ scores: [Float], _ labels: [Float], _ requests: [Int32]) -> Bool {
      (try? RankedRequests(scores: scores, labels: labels, requests: requests)) == nil
    }
    #expect(refused([1], [1, 0], [0, 0]) && refused([.nan], [1], [0]) && refused([1], [-1], [0]))
    #expect(refused([1], [65], [0]) && refused([1], [1], [-1]) && refused([], [], []))
  }
}
