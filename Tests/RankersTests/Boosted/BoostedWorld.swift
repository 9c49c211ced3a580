import Foundation
import Rankers
import RankingData
import Tensors
import Testing

/// Rows on which trees have something to find, and the short way to trees.
struct BoostedWorld {
  var layout = FeatureLayout(
    categorical: [.init(name: "city", rows: 30), .init(name: "device", rows: 4)],
    bags: [.init(name: "tags", rows: 6)],
    numeric: ["price", "price is missing", "age", "noise"])
  var random: RandomStream

  init(seed: UInt64 = 5) { random = RandomStream(seed: seed) }

  var input: RankerInput { RankerInput(layout: layout) }

  /// Requests of ten rows; some prices are missing, and labels depend on everything but the noise.
  mutating func batch(_ count: Int, grades: Bool = false) -> RankingBatch {
    let city = (0..<count).map { _ in Int32(random.next(below: 30)) }
    let device = (0..<count).map { _ in Int32(random.next(below: 4)) }
    var numeric: [Float] = []
    var labels: [Float] = []
    var tags = Bag()
    for row in 0..<count {
      let isMissing = random.next(below: 8) == 0
      let price = isMissing ? 0 : Float(random.nextNormal())
      let age = Float(random.nextNormal())
      numeric += [price, isMissing ? 1 : 0, age, Float(random.nextNormal())]
      let list = (0..<random.next(below: 4)).map { _ in Int32(random.next(below: 6)) }
      tags.append(list)
      var score = Float(random.nextNormal()) * 0.3 - price + (isMissing ? 0.5 : 0)
      score += city[row] % 3 == 0 ? 0.8 : -0.4
      score += device[row] == 2 ? 0.7 : 0
      score += list.contains(4) ? 0.6 : 0
      score += abs(age) > 1 ? 0.5 : 0
      labels.append(grades ? max(0, min(4, (score + 1).rounded())) : score > 0.4 ? 1 : 0)
    }
    return RankingBatch(
      count: count, categorical: [city, device], bags: [tags], numeric: numeric, numericWidth: 4,
      labels: labels, requests: (0..<count).map { Int32($0 / 10) })
  }

  static func configuration(
    _ change: (inout BoostedTrees.Configuration) -> Void = { _ in }
  ) -> BoostedTrees.Configuration {
    var configuration = BoostedTrees.Configuration()
    configuration.rounds = 20
    configuration.maxDepth = 4
    configuration.eta = 0.3
    change(&configuration)
    return configuration
  }

  /// Trees trained on a batch, judged on another.
  func train(
    _ configuration: BoostedTrees.Configuration, _ training: RankingBatch,
    _ validation: RankingBatch? = nil, seed: UInt64 = 1
  ) throws -> BoostedTrees {
    var plan = RankerTraining()
    plan.seed = seed
    if configuration.objective == .logistic { plan.monitor = .logLoss }
    var ranker = try BoostedTrees(configuration: configuration, input: input, seed: seed)
    try ranker.fit(
      training: training, validation: validation ?? training, plan: plan, checkpoint: nil,
      report: { _ in })
    return ranker
  }
}

/// A folder that goes away with the test.
final class ModelFolder {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "trees-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The file of a model.
  func json(of ranker: BoostedTrees) throws -> [UInt8] {
    try ranker.saveParameters(to: path)
    return try FileReading.bytes(of: "\(path)/booster.json")
  }
}
