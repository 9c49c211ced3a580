import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Two tasks of a chosen likeness (Ma et al., KDD 2018, section 3): each depends on one direction of the
/// input, through a wave on a slope, and `p` is the cosine of the two directions.
///
/// The targets are numbers in the paper. Here they are probabilities, the logistic function of those
/// numbers, so that a log loss minus the targets' own entropy takes the place of the squared error: 0
/// for a network that has found the tasks.
struct CorrelatedTasks {
  static let width = 10
  static let layout = FeatureLayout(
    numeric: (0..<width).map { "x\($0)" }, label: "a", tasks: ["b"])

  let batch: RankingBatch
  /// The mean entropy of the targets of both tasks.
  let entropy: Double

  init(correlation p: Double, rows: Int, seed: UInt64) {
    let directions = Self.directions(p)
    var random = RandomStream(seed: seed)
    var batch = RankingBatch(
      count: rows, numeric: [Float](repeating: 0, count: rows * Self.width),
      numericWidth: Self.width)
    var targets = [[Float](), [Float]()]
    var entropy = 0.0
    for row in 0..<rows {
      let x = (0..<Self.width).map { _ in Double(random.nextNormal()) }
      for column in x.indices { batch.numeric[row * Self.width + column] = Float(x[column]) }
      for (task, direction) in directions.enumerated() {
        let z = zip(x, direction).reduce(0) { $0 + $1.0 * $1.1 }
        let waves = sin(z) + sin(2 * z + 1) + sin(3 * z + 2)
        let target = 1 / (1 + exp(-z - waves - 0.01 * Double(random.nextNormal())))
        targets[task].append(Float(target))
        entropy -= target * log(target) + (1 - target) * log(1 - target)
      }
    }
    batch.labels = targets[0]
    batch.taskLabels = [targets[1]]
    self.batch = batch
    self.entropy = entropy / Double(2 * rows)
  }

  /// Two unit vectors whose product is p.
  private static func directions(_ p: Double) -> [[Double]] {
    var random = RandomStream(seed: 5)
    func scaled(_ v: [Double]) -> [Double] {
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return v.map { $0 / length }
    }
    let first = scaled((0..<width).map { _ in Double(random.nextNormal()) })
    let drawn = (0..<width).map { _ in Double(random.nextNormal()) }
    let along = zip(first, drawn).reduce(0) { $0 + $1.0 * $1.1 }
    let second = scaled(zip(first, drawn).map { $1 - along * $0 })
    return [first, zip(first, second).map { p * $0 + (1 - p * p).squareRoot() * $1 }]
  }
}

/// Networks of one size to the parameter, trained alike on correlated tasks.
struct CorrelationTrial {
  enum Sharing: String, CaseIterable {
    case sharedBottom = "shared_bottom"
    case oneGate = "omoe"
    case gateForEachTask = "mmoe"
  }

  var rows = 8_000
  var epochs = 30
  var learningRate = 0.03

  /// Eight experts of four units, or a bottom of as many weights, below towers of eight.
  static func specification(_ sharing: Sharing) -> RankerSpecification {
    switch sharing {
    case .sharedBottom:
      var configuration = SharedBottom.Configuration()
      (configuration.bottom, configuration.tower) = ([21], [8])
      return RankerSpecification(configuration)
    case .oneGate:
      var configuration = OMoE.Configuration()
      configuration.shape = shape
      return RankerSpecification(configuration)
    case .gateForEachTask:
      var configuration = MMoE.Configuration()
      configuration.shape = shape
      return RankerSpecification(configuration)
    }
  }

  private static let shape: ExpertShape = {
    var shape = ExpertShape()
    (shape.experts, shape.expert, shape.tower) = (8, [4], [8])
    return shape
  }()

  /// The mean log loss of both tasks on a test set beyond the entropy of its targets.
  func excess(_ sharing: Sharing, correlation: Double, seed: UInt64) throws -> Double {
    let training = CorrelatedTasks(correlation: correlation, rows: rows, seed: 3 * seed)
    let test = CorrelatedTasks(correlation: correlation, rows: 4_000, seed: 3 * seed + 1)
    var plan = RankerTraining()
    (plan.epochs, plan.patience, plan.batchSize) = (epochs, epochs, 128)
    (plan.learningRate, plan.seed, plan.keep) = (learningRate, seed, .last)
    plan.schedule = RankerSchedule(.cosine)
    var ranker: any Ranker = try RankerRegistry.make(
      Self.specification(sharing), input: RankerInput(layout: CorrelatedTasks.layout), seed: seed)
    try ranker.fit(
      training: training.batch, validation: test.batch.batch(Array(0..<64)[...]), plan: plan,
      checkpoint: nil,
      report: { _ in })
    let tasks = try #require(RankerQuality(of: ranker, on: test.batch).tasks)
    return tasks.compactMap(\.logLoss).reduce(0, +) / 2 - test.entropy
  }
}
