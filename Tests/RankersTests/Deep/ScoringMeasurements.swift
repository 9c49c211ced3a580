import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// A number for the documentation, not a check: one request of 200 candidates through layers of 1024,
/// 512 and 256, of whose input about 300 columns are the user's and 300 the candidate's.
///
///     VITRINE_MEASURE=/tmp taskset -c 0 swift test -c release --filter ScoringMeasurements
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["VITRINE_MEASURE"] != nil, "set VITRINE_MEASURE"))
struct ScoringMeasurements {
  private static let candidates = 200
  private let layout = FeatureLayout(
    categorical: (0..<18).map { .init(name: "field\($0)", rows: 1000) },
    bags: [.init(name: "history", rows: 1000)], historyBag: 0, itemField: 9)

  /// Fields 0 to 8 and a history of 50 are the user's; the requests of the rows are one, or all
  /// different, so that nothing is shared.
  private func batch(sharing: Bool) -> RankingBatch {
    var random = RandomStream(seed: 2)
    let count = Self.candidates
    let columns = (0..<18).map { field in
      let own = Int32(random.next(below: 1000))
      return (0..<count).map { _ in field < 9 ? own : Int32(random.next(below: 1000)) }
    }
    let history = (0..<50).map { _ in Int32(random.next(below: 1000)) }
    return RankingBatch(
      count: count, categorical: columns, bags: [Bag([[Int32]](repeating: history, count: count))],
      requests: (0..<Int32(count)).map { sharing ? 0 : $0 })
  }

  @Test(arguments: ["mlp", "deepfm", "wide_and_deep", "youtube_dnn"])
  func oneRequest(kind: String) throws {
    let json = #"{"kind": "\#(kind)", "width": 32, "hidden": [1024, 512, 256]}"#
    let specification = try JSONDecoder().decode(RankerSpecification.self, from: Data(json.utf8))
    let ranker = try neuralRanker(specification, input: RankerInput(layout: layout)).prepared()
    let (shared, plain) = (batch(sharing: true), batch(sharing: false))
    #expect(maximumDifference(ranker.scores(of: shared), ranker.scores(of: plain)) < 1e-5)
    report("\(kind), user side once", ranker, shared)
    report("\(kind), every row whole", ranker, plain)
  }

  /// Experts of about the size of the networks above, all together.
  @Test(arguments: [
    #"{"kind": "mmoe", "width": 32, "experts": 6, "expert": [128, 64], "tower": [64]}"#,
    #"{"kind": "shared_bottom", "width": 32, "bottom": [1024, 512], "tower": [256]}"#,
    #"{"kind": "esmm", "width": 32, "hidden": [360, 200, 80]}"#,
  ])
  func severalTasks(json: String) throws {
    let specification = try JSONDecoder().decode(RankerSpecification.self, from: Data(json.utf8))
    var layout = layout
    (layout.label, layout.tasks) = ("click", ["purchase"])
    let ranker = try neuralRanker(specification, input: RankerInput(layout: layout)).prepared()
    let (shared, plain) = (batch(sharing: true), batch(sharing: false))
    #expect(maximumDifference(ranker.scores(of: shared), ranker.scores(of: plain)) < 1e-5)
    report("\(specification.kind), user side once", ranker, shared)
    report("\(specification.kind), every row whole", ranker, plain)
  }

  @Test func towers() throws {
    let ranker = try neuralRanker(
      RankerSpecification(kind: "dssm"), input: RankerInput(layout: layout)
    ).prepared()
    report("dssm, user side once", ranker, batch(sharing: true))
    let model = try #require(ranker as? DSSM)
    let batch = batch(sharing: true)
    let (items, head) = (model.itemVectors(of: batch), batch.batch([0]))
    measure("dssm, vectors of items kept") {
      _ = matmul(model.userVectors(of: head), items, transposeB: true)
    }
  }

  private func report(_ what: String, _ ranker: any NeuralRanker, _ batch: RankingBatch) {
    measure(what) { _ = ranker.scores(of: batch) }
  }

  private func measure(_ what: String, _ body: () -> Void) {
    var times: [Double] = []
    for _ in 0..<200 {
      let start = ContinuousClock.now
      body()
      times.append(start.duration(to: .now) / .microseconds(1))
    }
    times.sort()
    print("measured: \(what): median \(Int(times[100])), p99 \(Int(times[198])) µs")
  }
}
