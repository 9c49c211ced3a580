import Foundation
import NeuralNetworks
import Rankers
import RankingData
import RankingEvaluation
import Tensors
import Testing

/// Made-up worlds in which one way of sharing is right.
@Suite struct TaskWorldTests {
  /// Items that are clicked often convert often: rows with a click are no sample of all.
  private struct SelectionWorld {
    static let items = 400
    let batch: RankingBatch
    /// What would have come of each row, clicked or not.
    let conversions: [Float]

    init(rows: Int, seed: UInt64) {
      var random = RandomStream(seed: 77)
      let traits = (0..<Self.items).map { _ in (random.nextNormal(), random.nextNormal()) }
      random = RandomStream(seed: seed)
      var batch = RankingBatch(count: rows, categorical: [[Int32](repeating: 0, count: rows)])
      var (clicks, seen, all) = ([Float](), [Float](), [Float]())
      for row in 0..<rows {
        let item = random.next(below: Self.items)
        let (a, b) = traits[item]
        func drawn(_ logit: Double) -> Float {
          random.nextUniform() < Scalar(1 / (1 + exp(-logit))) ? 1 : 0
        }
        let click = drawn(-2 + 1.5 * Double(a))
        let conversion = drawn(-0.5 + 1.2 * Double(a) + 0.4 * Double(b))
        batch.categorical[0][row] = Int32(item + 1)
        clicks.append(click)
        seen.append(click * conversion)
        all.append(conversion)
      }
      batch.labels = clicks
      batch.taskLabels = [seen]
      self.batch = batch
      conversions = all
    }
  }

  @Test func theEntireSpaceBeatsTheClickedOne() throws {
    let training = SelectionWorld(rows: 12_000, seed: 1)
    let validation = SelectionWorld(rows: 4_000, seed: 2)
    let test = SelectionWorld(rows: 8_000, seed: 3)
    var layout = FeatureLayout(
      categorical: [.init(name: "item", rows: SelectionWorld.items + 1)], label: "click",
      tasks: ["purchase"])
    var plan = RankerTraining()
    (plan.epochs, plan.patience, plan.batchSize, plan.learningRate) = (12, 3, 256, 0.005)
    func areas(seed: UInt64) throws -> (entire: Double, clicked: Double) {
      plan.seed = seed
      var configuration = ESMM.Configuration()
      (configuration.settings.width, configuration.hidden) = (8, [32, 16])
      let esmm = try ESMM(
        configuration: configuration, input: RankerInput(layout: layout), seed: seed)
      try plan.fit(esmm, training: training.batch, validation: validation.batch)
      let logits = try #require(esmm.forward(test.batch, .inference()).tasks).scalars
      let entire = stride(from: 1, to: logits.count, by: 3).map { Float(logits[$0]) }

      func clicked(_ batch: RankingBatch) -> RankingBatch {
        let rows = batch.labels.indices.filter { batch.labels[$0] == 1 }
        var chosen = batch.batch(rows.map(Int32.init)[...])
        chosen.labels = chosen.taskLabels[0]
        return chosen
      }
      var dense = DenseNetwork.Configuration()
      (dense.width, dense.hidden) = (8, [32, 16])
      let single = try DenseNetwork(
        configuration: dense, input: RankerInput(layout: layout), seed: seed)
      var longer = plan
      longer.epochs = 40
      try longer.fit(
        single, training: clicked(training.batch), validation: clicked(validation.batch))
      return (
        try auc(scores: entire, labels: test.conversions),
        try auc(scores: single.scores(of: test.batch), labels: test.conversions)
      )
    }
    layout.label = "click"
    let results = try (1...3).map { try areas(seed: UInt64($0)) }
    for result in results { #expect(result.entire > result.clicked + 0.01, "\(results)") }
  }

  /// Ma et al.'s two tasks whose weights have a cosine p, as classes.
  private func correlatedBatch(_ p: Double, rows: Int, seed: UInt64) -> RankingBatch {
    let width = 16
    var random = RandomStream(seed: 5)
    var first = (0..<width).map { _ in Double(random.nextNormal()) }
    var second = (0..<width).map { _ in Double(random.nextNormal()) }
    func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let length = norm(first)
    first = first.map { $0 / length }
    let along = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    second = zip(first, second).map { $1 - along * $0 }
    let rest = norm(second)
    second = second.map { $0 / rest }
    let other = zip(first, second).map { p * $0 + (1 - p * p).squareRoot() * $1 }
    random = RandomStream(seed: seed)
    var batch = RankingBatch(count: rows, numeric: [], numericWidth: 0)
    batch.numericWidth = width
    var columns: [[Float]] = [[], []]
    for _ in 0..<rows {
      let x = (0..<width).map { _ in Double(random.nextNormal()) }
      for (task, weights) in [first, other].enumerated() {
        let z = zip(x, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let value = 0.5 * z + sin(2 * z + 0.5) + sin(3 * z + 1) + 0.1 * Double(random.nextNormal())
        columns[task].append(value > 0 ? 1 : 0)
      }
      batch.numeric += x.map { Float($0) }
    }
    batch.labels = columns[0]
    batch.taskLabels = [columns[1]]
    return batch
  }

  /// The mean log loss of both tasks, averaged over seeds.
  private func loss<C: MultiTaskConfiguration>(_ configuration: C, _ p: Double) throws -> Double {
    let layout = FeatureLayout(numeric: (0..<16).map { "x\($0)" }, label: "a", tasks: ["b"])
    let training = correlatedBatch(p, rows: 6000, seed: 1)
    let test = correlatedBatch(p, rows: 4000, seed: 2)
    var plan = RankerTraining()
    (plan.epochs, plan.patience, plan.batchSize, plan.learningRate) = (15, 15, 128, 0.005)
    var losses: [Double] = []
    for seed in 1...3 {
      plan.seed = UInt64(seed)
      var ranker: any Ranker = try RankerRegistry.make(
        RankerSpecification(configuration), input: RankerInput(layout: layout),
        seed: UInt64(seed))
      try ranker.fit(
        training: training, validation: test, plan: plan, checkpoint: nil, report: { _ in })
      let tasks = try #require(RankerQuality(of: ranker, on: test).tasks)
      losses.append(tasks.compactMap(\.logLoss).reduce(0, +) / 2)
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// Networks of about one size: what is shared by force suffers most where tasks have less in common.
  @Test func gatesDegradeLessThanASharedBottom() throws {
    var shared = SharedBottom.Configuration()
    (shared.bottom, shared.tower) = ([16], [4])
    var gated = MMoE.Configuration()
    (gated.shape.experts, gated.shape.expert, gated.shape.tower) = (4, [4], [4])
    let alike = (try loss(shared, 1), try loss(gated, 1))
    let apart = (try loss(shared, 0), try loss(gated, 0))
    print("shared \(alike.0) -> \(apart.0), gated \(alike.1) -> \(apart.1)")
    #expect(apart.0 - alike.0 > apart.1 - alike.1)
  }
}
