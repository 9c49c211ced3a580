import Foundation
public import Rankers
import RankingData

/// What a ranker's bundle says about itself: `vitrine inspect`.
public struct ModelInspection: Sendable, Codable {
  /// A feature as the model reads it.
  public struct Feature: Sendable, Codable {
    /// Column, or what was made of one.
    public var name: String
    /// `categorical`, `list`, `number` or `image`.
    public var kind: String
    /// Rows of the vocabulary, the unknown one included; numbers of an image vector; 1 for a number.
    public var size: Int
  }

  /// The kind of model.
  public var kind: String
  /// What its scores mean after calibration.
  public var output: RankerOutput
  /// Whether a calibration makes logits of its scores.
  public var calibrated: Bool
  /// What it reads.
  public var features: [Feature]
  /// The visual features it was trained with.
  public var visualVersion: String?
  /// Its training.
  public var training: TrainingSummary
  /// What each feature does in a model of trees, the greatest gain first.
  public var importance: [FeatureImportance]
  /// The weights of a linear model, the largest first.
  public var weights: [FeatureWeight]

  /// Reads a bundle; it needs no feature cache.
  /// - Throws: an error that names the file, tensor or key at fault.
  public init(path: String) throws {
    let bundle = try RankerBundle(path: path)
    let layout = bundle.transform.layout
    kind = bundle.ranker.kind
    output = bundle.output
    calibrated = bundle.calibration != .none
    features =
      layout.categorical.map { Feature(name: $0.name, kind: "categorical", size: $0.rows) }
      + layout.bags.map { Feature(name: $0.name, kind: "list", size: $0.rows) }
      + layout.numeric.map { Feature(name: $0, kind: "number", size: 1) }
    if layout.visual, let width = bundle.ranker.input.visual?.width {
      features.append(Feature(name: "image", kind: "image", size: width))
    }
    visualVersion = bundle.visualVersion
    training = bundle.training
    importance = (bundle.ranker as? BoostedTrees)?.importance() ?? []
    weights = (bundle.ranker as? any WeightedRanker)?.weights(bundle.transform) ?? []
  }
}

extension ModelInspection {
  /// The inspection as a page that opens in any browser: one file, light and dark.
  public func html(title: String) -> String {
    let meaning =
      switch output {
      case .logit: "its scores are probabilities\(calibrated ? " by calibration" : "")"
      case .odds: "its scores are expected weights of an impression"
      case .score: "its scores order items and say nothing more"
      }
    var page = HTMLReport(title: title, subtitle: "A ranker of kind \(kind): \(meaning).")
    page.heading("Training")
    page.table(
      ["", ""],
      [["examples", "\(training.examples)"], ["epochs", "\(training.record.epochs.count)"]]
        + [["kept", "\(training.record.best?.epoch ?? 0)"], ["seed", "\(training.seed)"]]
        + training.metrics.sorted { $0.key < $1.key }.map {
          [$0.key.replacingOccurrences(of: "_", with: " "), readable($0.value)]
        })
    if training.record.epochs.count > 1 {
      let epochs = training.record.epochs
      page.figure(
        LineChart(
          title: "Training loss", horizontal: "epoch", vertical: "loss",
          series: [.init("loss", epochs.map { (Double($0.epoch), $0.loss) })], counts: true
        ).drawing())
      page.figure(
        LineChart(
          title: "Validation score, higher is better", horizontal: "epoch", vertical: "score",
          series: [.init("score", epochs.map { (Double($0.epoch), $0.score) })], counts: true
        ).drawing())
    }
    if !importance.isEmpty {
      page.heading("Features by gain")
      page.table(
        ["feature", "gain", "splits", "cover"],
        importance.prefix(50).map {
          [$0.feature, readable($0.gain), "\($0.splits)", readable($0.cover)]
        })
    }
    if !weights.isEmpty {
      page.heading("Largest weights")
      page.table(
        ["feature", "value", "weight"],
        weights.prefix(50).map { [$0.feature, $0.value ?? "", readable($0.weight)] })
    }
    page.heading("What it reads")
    page.table(
      ["feature", "kind", "size"], features.map { [$0.name, $0.kind, "\($0.size)"] })
    return page.html()
  }
}
