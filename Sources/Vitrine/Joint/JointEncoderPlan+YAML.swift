import Foundation
import Images
import RankingData
import VisualEncoder

extension JointEncoderPlan {
  private static let keys = [
    "initial", "architecture", "attention", "categories", "preprocessing", "arithmetic",
    "batch_norm", "learning_rate_factor", "weight_decay",
  ]

  /// - Parameter seed: draws the weights where the file names none.
  init(_ node: ConfigurationNode?, path: String, seed: UInt64) throws {
    let members = try node?.members(Self.keys) ?? [:]
    var initial = Start.random(seed: seed)
    if let text = try members["initial"]?.string() {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      initial =
        UInt64(text).map { .random(seed: $0) }
        ?? .bundle(text.hasPrefix("/") ? text : folder.appendingPathComponent(text).path)
    }
    self.init(initial: initial)
    architecture = try members["architecture"]?.choice(Architecture.self)
    attention = try members["attention"]?.choice(Attention.self)
    if let node = members["categories"], (try? node.string()) != "catalogue" {
      categories = try node.elements().map { (element) throws in try element.string() }
    }
    preprocessing = try members["preprocessing"].map(Preprocessing.init(node:))
    multipliesBFloat16 = try members["arithmetic"]?.choice(TrainingArithmetic.self) == .bfloat16
    freezesStatistics = try members["batch_norm"]?.choice(BatchNormMode.self).isFrozen
    learningRateFactor = try members["learning_rate_factor"]?.number(in: 1e-6...1e3)
    weightDecay = try members["weight_decay"]?.number(in: 0...1) ?? 0
  }
}

extension BatchNormMode {
  fileprivate var isFrozen: Bool { self == .frozen }
}
