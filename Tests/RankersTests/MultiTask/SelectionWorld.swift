import Foundation
import NeuralNetworks
import Rankers
import RankingData
import RankingEvaluation
import Tensors
import Testing

/// Items that are clicked often convert often: rows with a click are no sample of all.
struct SelectionWorld {
  static let items = 400
  static let layout = FeatureLayout(
    categorical: [.init(name: "item", rows: items + 1)], label: "click", tasks: ["purchase"])

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

  /// The rows with a click, whose label is the conversion.
  var clicked: RankingBatch {
    let rows = batch.labels.indices.filter { batch.labels[$0] == 1 }
    var chosen = batch.batch(rows.map(Int32.init)[...])
    chosen.labels = chosen.taskLabels[0]
    chosen.taskLabels = []
    return chosen
  }
}

/// Conversion after a click, learnt in two ways and judged on all rows of a test set.
struct SelectionTrial {
  /// How well conversions are told apart: AUC over all rows, as if each had been clicked.
  let entire: Double
  let clicked: Double

  init(seed: UInt64) throws {
    let training = SelectionWorld(rows: 12_000, seed: 3 * seed)
    let validation = SelectionWorld(rows: 4_000, seed: 3 * seed + 1)
    let test = SelectionWorld(rows: 8_000, seed: 3 * seed + 2)
    var plan = RankerTraining()
    (plan.epochs, plan.patience, plan.batchSize, plan.learningRate) = (12, 3, 256, 0.005)
    plan.seed = seed
    var configuration = ESMM.Configuration()
    (configuration.settings.width, configuration.hidden) = (8, [32, 16])
    let esmm = try ESMM(
      configuration: configuration, input: RankerInput(layout: SelectionWorld.layout), seed: seed)
    try plan.fit(esmm, training: training.batch, validation: validation.batch)
    let logits = try #require(esmm.forward(test.batch, .inference()).tasks).scalars
    entire = try auc(
      scores: stride(from: 1, to: logits.count, by: 3).map { Float(logits[$0]) },
      labels: test.conversions)

    var dense = DenseNetwork.Configuration()
    (dense.width, dense.hidden) = (8, [32, 16])
    var layout = SelectionWorld.layout
    layout.tasks = []
    let single = try DenseNetwork(
      configuration: dense, input: RankerInput(layout: layout), seed: seed)
    // A fifth of the rows: give it as many steps.
    plan.epochs = 60
    plan.patience = 15
    try plan.fit(single, training: training.clicked, validation: validation.clicked)
    clicked = try auc(scores: single.scores(of: test.batch), labels: test.conversions)
  }
}
