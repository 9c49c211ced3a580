import FileSupport
import Foundation
import Testing
import Vitrine

/// Slates judged by the clicks in their requests, and by what others would have earned.
@Suite struct SlateClickTests {
  private let requests = [
    RankingRequest(
      id: "q1",
      items: [
        Candidate(id: "a", category: "hat", clicked: false),
        Candidate(id: "b", category: "hat", clicked: true),
        Candidate(id: "c", category: "shoe", clicked: true),
        Candidate(id: "d", category: "hat", clicked: true),
      ]),
    RankingRequest(
      id: "q2",
      items: [
        Candidate(id: "e", clicked: true), Candidate(id: "f", clicked: false),
        Candidate(id: "a", clicked: false),
      ]),
    // Without a click it says nothing of NDCG.
    RankingRequest(id: "q3", items: [Candidate(id: "g", clicked: false)]),
  ]

  private func slates(_ orders: [[String]]) -> [RankedList] {
    zip(requests, orders).map { request, ids in
      RankedList(
        id: request.id,
        items: ids.enumerated().map { RankedItem(id: $1, index: $0, score: 0) })
    }
  }

  private func value(_ name: String, _ metrics: [MetricEstimate]) throws -> Double {
    try #require(metrics.first { $0.metric == name }, "\(name)").value
  }

  /// Slates are often compared with the whole ranking they were cut from.
  @Test func whatStandsBeyondTheSlateCountsNothing() throws {
    let long = slates([["b", "a", "c", "d"], ["f", "a", "e"], ["g"]])
    let cut = slates([["b", "a"], ["f", "a"], ["g"]])
    let report = try SlateJudge(top: 2, requests: requests).report(on: cut, against: long)
    #expect(report.differences.map(\.metric).contains("MAP@2"))
    for difference in report.differences { #expect(difference.value == 0, "\(difference.metric)") }
  }

  @Test func clicksOfRequestsAreRelevance() throws {
    let given = slates([["a", "b", "c", "d"], ["e", "f", "a"], ["g"]])
    let better = slates([["b", "c", "d", "a"], ["e", "f", "a"], ["g"]])
    let report = try SlateJudge(top: 3, requests: requests).report(on: given, against: better)
    // By hand: precisions 1/2, 2/3 and 1; the list without a click is left out.
    #expect(abs(try value("MAP@3", report.metrics) - ((0.5 + 2 / 3.0) / 3 + 1) / 2) < 1e-12)
    let (first, second, third) = (1.0, 1 / 1.584962500721156, 0.5)
    let ndcg = (second + third) / (first + second + third)
    #expect(abs(try value("NDCG@3", report.metrics) - (ndcg + 1) / 2) < 1e-12)
    #expect(abs(try value("NDCG@3", report.differences) - (ndcg - 1) / 2) < 1e-12)
    // The ideal has a hat and a shoe before the second hat, worth half; here b, c stand second and
    // third.
    let alpha = (second + third) / (first + second + 0.5 * third)
    #expect(abs(try value("α-NDCG@3", report.metrics) - alpha) < 1e-12)
    // ERR of one click at k is (1/2) / k; hats at 2, shoes at 3.
    #expect(abs(try value("ERR-IA@3", report.metrics) - (0.25 + 0.5 / 3) / 2) < 1e-12)
    // Of seven items, six stand in the first three places, one of them twice.
    #expect(abs(try value("coverage", report.metrics) - 6 / 7.0) < 1e-12)
    #expect(try value("Gini coefficient", report.metrics) > 0)
    let p = try #require(report.differences.first { $0.metric == "NDCG@3" }?.p)
    #expect(p > 0.01 && p <= 1)
    #expect(report.metrics.allSatisfy { $0.p == nil })
  }

  @Test func withoutClicksThereIsNoRelevance() throws {
    let bare = requests.map { request in
      RankingRequest(id: request.id, items: request.items.map { Candidate(id: $0.id) })
    }
    let report = try SlateJudge(requests: bare).report(
      on: slates([["a"], ["e"], ["g"]]), against: nil)
    #expect(report.metrics.map(\.metric) == ["coverage", "Gini coefficient"])
  }

  @Test func anUnchangedPolicyEarnsWhatWasLogged() throws {
    let same = requests.map { request in
      RankedList(
        id: request.id,
        items: request.items.map { RankedItem(id: $0.id, index: 0, score: 0) })
    }
    let report = try PolicyJudge(examination: .decay(eta: 1)).report(on: same, log: requests)
    #expect(report.lists == 3 && report.rows == 8)
    for name in ["as logged", "inverse propensity", "self-normalized", "doubly robust"] {
      #expect(abs(try value(name, report.metrics) - 0.5) < 1e-9, "\(name)")
    }
    #expect(report.value.effectiveSampleSize == 8 && report.value.clippedShare == 0)
    #expect(report.examination == [1, 0.5, 1 / 3.0, 0.25])
  }

  /// By hand: the click at 2 moves to 1 and counts twice, that at 3 stays, that at 4 is not shown.
  @Test func weightsFollowAttention() throws {
    let log = [requests[0]]
    let slate = [
      RankedList(
        id: "q1", items: ["b", "a", "c"].map { RankedItem(id: $0, index: 0, score: 0) })
    ]
    let judge = PolicyJudge(examination: .decay(eta: 1), reward: nil)
    let report = try judge.report(on: slate, log: log)
    #expect(abs(report.value.inversePropensity - 3 / 4.0) < 1e-12)
    #expect(abs(report.value.selfNormalized - 3 / 3.5) < 1e-12)
    #expect(report.value.doublyRobust == nil)
    #expect(abs(try value("inverse propensity", report.metrics) - 0.75) < 1e-12)
    #expect(abs(try value("inverse propensity less logged", report.metrics)) < 1e-12)
    var clipped = judge
    clipped.clip = 1
    #expect(try clipped.report(on: slate, log: log).value.clippedShare == 0.25)
  }

  /// The worth of a turned list is known exactly in a position-based world.
  @Test func clicksOfOthersFindTheTruth() throws {
    let folder = try TemporaryFolder()
    let (grades, noise) = ([0.0, 2, 1, 0, 2], 0.1)
    let items = grades.enumerated().map { place, grade in
      Candidate(id: "d\(place)", features: ["relevance": .number(grade)])
    }
    try folder.write(RankingRequest(id: "q", items: items).json() + "\n", to: "judged.jsonl")
    var generation = ClickGeneration(
      world: PositionBasedClicks(
        eta: 1, attraction: GradedAttraction(noise: noise, highestGrade: 2)))
    (generation.sessions, generation.seed) = (4000, 4)
    _ = try generation.run(.init(lists: folder("judged.jsonl"), output: folder("log.jsonl")))
    var reader = try JSONLinesReader<RankingRequest>(path: folder("log.jsonl"))
    var log = try reader.readAll()
    // One user each: the interval is over sessions.
    for index in log.indices { log[index].user = nil }
    let slates = log.map { request in
      RankedList(
        id: request.id,
        items: request.items.reversed().map { RankedItem(id: $0.id, index: 0, score: 0) })
    }
    let truth = grades.enumerated().reduce(0.0) { sum, item in
      let worth = (exp2(item.element) - 1) / 3
      return sum + (noise + (1 - 2 * noise) * worth) / Double(5 - item.offset) / 5
    }
    let report = try PolicyJudge(examination: .decay(eta: 1)).report(on: slates, log: log)
    for name in ["inverse propensity", "doubly robust"] {
      let estimate = try #require(report.metrics.first { $0.metric == name })
      #expect(abs(estimate.value - truth) < 0.015, "\(name): \(estimate), not \(truth)")
      #expect(try #require(estimate.lower) < truth && truth < #require(estimate.upper))
    }
    // What the clip cuts off, the model makes up for in part.
    let clipped = try PolicyJudge(examination: .decay(eta: 1), clip: 1).report(on: slates, log: log)
    let robust = try #require(clipped.value.doublyRobust)
    #expect(clipped.value.inversePropensity < truth - 0.03)
    #expect(abs(robust - truth) < abs(clipped.value.inversePropensity - truth))
  }

  @Test func judgesThatArePartyAreRefused() throws {
    let slate = slates([["a", "b", "c", "d"], ["e", "f", "a"], ["g"]])
    func report(_ judge: PolicyJudge, log: [RankingRequest]? = nil) throws -> PolicyReport {
      try judge.report(on: slate, log: log ?? requests)
    }
    #expect(throws: VitrineError.self) { try report(PolicyJudge(reward: .pbm)) }
    #expect(throws: VitrineError.self) {
      try report(PolicyJudge(reward: .dbn, trainedOn: .dbn))
    }
    #expect(throws: VitrineError.self) { try report(PolicyJudge(trainedOn: .pbm)) }
    #expect(throws: Never.self) {
      try report(PolicyJudge(examination: .decay(eta: 1), trainedOn: .pbm))
    }
    #expect(throws: VitrineError.self) { try report(PolicyJudge(clip: 0)) }
    #expect(throws: VitrineError.self) { try report(PolicyJudge(examination: .decay(eta: -1))) }
    let silent = [RankingRequest(id: "q1", items: [Candidate(id: "a")])]
    #expect(throws: VitrineError.self) { try report(PolicyJudge(), log: silent) }
    let strange = [RankingRequest(id: "new", items: [Candidate(id: "a", clicked: true)])]
    #expect(throws: VitrineError.self) { try report(PolicyJudge(), log: strange) }
    let narrow = [RankingRequest(id: "q1", items: [Candidate(id: "a", clicked: true)])]
    #expect(throws: VitrineError.self) { try report(PolicyJudge(), log: narrow) }
  }
}
