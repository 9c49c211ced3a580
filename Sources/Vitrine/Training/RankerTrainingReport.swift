import Foundation
import NeuralNetworks
public import Rankers

/// The course of a ranker's training for those who look at it: `OUTPUT.report.json` and
/// `OUTPUT.curves.svg` beside the bundle.
public struct RankerTrainingReport: Sendable, Codable {
  /// One epoch, or one round of trees.
  public struct Epoch: Sendable, Codable {
    /// Counted from 1.
    public var epoch: Int
    /// Mean loss of its steps.
    public var loss: Double
    /// What the monitor measured, as it is: less is better for a loss.
    public var validation: Double
    /// Of the last step.
    public var learningRate: Double?
    /// All that was measured; nil for epochs before an interruption.
    public var quality: RankerQuality?
    /// Likewise.
    public var rowsPerSecond: Double?

    enum CodingKeys: String, CodingKey {
      case epoch, loss, validation, quality
      case learningRate = "learning_rate"
      case rowsPerSecond = "rows_per_second"
    }
  }

  /// The kind of model.
  public var kind: String
  /// What decided which epoch was best.
  public var monitor: String
  /// In order.
  public var epochs: [Epoch]
  /// The one that was kept.
  public var best: Int?
  /// What the kept epoch reached, by name.
  public var metrics: [String: Double]
  /// Rows that were trained on.
  public var examples: Int
  /// From reading the data to the finished model, since the last interruption.
  public var seconds: Double
  /// What was taken over from another model, where one was.
  public var warmStart: WarmStartReport?

  enum CodingKeys: String, CodingKey {
    case kind, monitor, epochs, best, metrics, examples, seconds
    case warmStart = "warm_start"
  }

  /// - Parameter reported: the epochs of this run.
  init(
    kind: String, _ monitor: RankerTraining.Monitor, _ summary: TrainingSummary,
    reported: [RankerEpoch], seconds: Double
  ) {
    self.kind = kind
    self.monitor = monitor.rawValue
    self.seconds = seconds
    let told = Dictionary(
      reported.map { ($0.epoch, $0) }, uniquingKeysWith: { first, _ in first })
    epochs = summary.record.epochs.map { epoch in
      Epoch(
        epoch: epoch.epoch, loss: epoch.loss,
        validation: monitor.isLoss ? -epoch.score : epoch.score,
        learningRate: epoch.learningRate, quality: told[epoch.epoch]?.validation,
        rowsPerSecond: told[epoch.epoch]?.rowsPerSecond)
    }
    best = summary.record.best?.epoch
    metrics = summary.metrics
    examples = summary.examples
    warmStart = summary.warmStart
  }

  /// Writes both files.
  func write(beside output: String) throws {
    try BundleFolder.write(Data(curves.utf8), to: output + ".curves.svg")
    try JSONFile.write(self, to: output + ".report.json")
  }

  private var curves: String {
    func panel(_ title: String, _ value: (Epoch) -> Double?) -> LearningCurves.Panel {
      let points = epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } }
      // Trees come by the hundred.
      return LearningCurves.Panel(
        title, [LearningCurves.Series(title, points, isDotted: points.count <= 60)])
    }
    return LearningCurves(
      title: "Training of \(kind), \(examples) rows",
      panels: [
        panel("training loss") { $0.loss }, panel("validation \(monitor)") { $0.validation },
        panel("learning rate") { $0.learningRate },
      ], marked: best.map(Double.init)
    ).svg()
  }
}
