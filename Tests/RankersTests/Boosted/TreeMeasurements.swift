import Foundation
import Rankers
import RankingData
import Tensors
import Testing

private let measuringFolder = ProcessInfo.processInfo.environment["VITRINE_MEASURE"]

/// A number for the documentation, not a check: 200 candidates through 300 trees of depth 6 over 50
/// columns, on one core, by us and by XGBoost's library.
///
///     OMP_NUM_THREADS=1 VITRINE_MEASURE=/tmp swift test -c release --filter TreeMeasurements
///
/// The model stays in the folder as `booster.json`, for other readers of such files.
@Suite(.serialized, .enabled(if: measuringFolder != nil, "set VITRINE_MEASURE to a folder"))
struct TreeMeasurements {
  @Test func oneRequest() throws {
    let (count, width) = (20_000, 50)
    var random = RandomStream(seed: 1)
    var numbers: [Float] = []
    var labels: [Float] = []
    for _ in 0..<count {
      var row: [Float] = []
      for _ in 0..<width { row.append(Float(random.nextNormal())) }
      let signal = (0..<10).reduce(Float(0)) { $0 + row[$1] * row[$1 * 4 + 5] }
      labels.append(signal + Float(random.nextNormal()) > 0 ? 1 : 0)
      numbers += row
    }
    let rows = RankingBatch(count: count, numeric: numbers, numericWidth: width, labels: labels)
    var configuration = BoostedTrees.Configuration()
    configuration.earlyStopping = 0
    var ranker = try BoostedTrees(
      configuration: configuration,
      input: RankerInput(layout: FeatureLayout(numeric: (0..<width).map { "f\($0)" })), seed: 1)
    // The last round is the best where it is judged by the rows it has seen.
    try ranker.fit(
      training: rows, validation: rows, plan: RankerTraining(), checkpoint: nil,
      report: { _ in })
    try ranker.saveParameters(to: measuringFolder ?? "")
    let json = try FileReading.bytes(of: "\(measuringFolder ?? "")/booster.json")
    let trees = try TreeEnsemble(json: json)
    let reference = try ReferenceBooster(json)
    let request = Array(numbers[0..<200 * width])
    let batch = rows.batch(Array(0..<200)[...])
    print("measured: \(trees.treeCount) trees")
    try report("trees") { _ = trees.margins(request) }
    try report("trees with columns") { _ = ranker.scores(of: batch) }
    try report("XGBoost in place") { _ = try reference.margins(request, columns: width) }
    try report("reading the file") { _ = try TreeEnsemble(json: json) }
  }

  private func report(_ what: String, _ body: () throws -> Void) throws {
    var times: [Double] = []
    for _ in 0..<300 {
      let start = ContinuousClock.now
      try body()
      times.append(start.duration(to: .now) / .microseconds(1))
    }
    times.sort()
    print("measured: \(what): median \(Int(times[150])), p99 \(Int(times[297])) µs")
  }
}
