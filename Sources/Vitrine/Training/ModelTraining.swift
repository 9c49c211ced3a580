import NeuralNetworks
import Rankers

/// Trains whatever a configuration asks for: `vitrine train`.
public struct ModelTraining: Sendable {
  private let file: TrainingFile
  private let warmStart: WarmStart?

  /// A training by a configuration.
  ///
  /// - Parameter warmStart: what a network starts from in the place of drawn weights.
  public init(_ file: TrainingFile, warmStart: WarmStart? = nil) {
    self.file = file
    self.warmStart = warmStart
  }

  /// Trains and writes the bundle and, for rankers, beside it what people look at: `OUTPUT.report.json`
  /// and `OUTPUT.curves.svg`. A task that is cancelled stops within one batch; the checkpoint
  /// then holds the finished epochs.
  ///
  /// - Parameters:
  ///   - checkpoint: a file that is written after each epoch and removed at the end.
  ///   - resume: whether to go on from it.
  ///   - say: receives a line about the data, and one an epoch.
  ///   - progress: called after each step of a ranker that is a network.
  /// - Throws: `CancellationError`, and errors that name the file, line, key or tensor at fault.
  public func run(
    output: String, checkpoint path: String, resume: Bool, say: (String) -> Void = { _ in },
    progress: (RankerProgress) -> Void = { _ in }
  ) throws -> TrainingSummary {
    let checkpoint = Checkpoint(path: path, resume: resume)
    checkpoint.removeLeftovers()
    let features = try file.cache.map(VisualFeatures.init(cache:))
    let summary: TrainingSummary
    switch file.task {
    case .ranker(let specification, let training, let schema):
      let start = ContinuousClock.now
      var epochs: [RankerEpoch] = []
      var fitting = RankerFitting(
        specification, training, schema: schema, data: file.data,
        features: schema.visual.items ? features : nil)
      fitting.warmStart = warmStart
      let bundle = try fitting.run(
        checkpoint: checkpoint, note: say,
        report: { epoch in
          epochs.append(epoch)
          // Trees come by the hundred.
          let isRound = specification.configuration is BoostedTrees.Configuration
          guard !isRound || epoch.epoch == 1 || epoch.epoch % 10 == 0 else { return }
          say(
            "\(isRound ? "round" : "epoch") \(epoch.epoch): loss \(digits(epoch.loss)), validation \(epoch.validation),"
              + " \(Int(epoch.rowsPerSecond)) rows/s")
        }, progress: progress)
      try bundle.save(to: output)
      summary = bundle.training
      try RankerTrainingReport(
        kind: specification.kind, training.monitor, summary, reported: epochs,
        seconds: start.duration(to: .now) / .seconds(1)
      ).write(beside: output)
    case .slate(let plan, let lists):
      if let warmStart {
        throw VitrineError(
          "--warm-start \(warmStart.path): a slate model has no tables of ids to take over",
          remedy: "Train it from nothing.")
      }
      let source: SlateFitting.Source =
        switch lists {
        case .ranker(let path):
          .log(file.data, base: try RankerBundle(path: path, features: features))
        case .lists(let files): .lists(files)
        }
      let bundle = try SlateFitting(plan, source: source, features: features)
        .run(checkpoint: checkpoint) { epoch in
          say(
            "epoch \(epoch.epoch): loss \(digits(epoch.loss)), validation"
              + " \(plan.criterion.rawValue) \(digits(epoch.score))")
        }
      try bundle.save(to: output)
      summary = bundle.training
    }
    checkpoint.remove()
    return summary
  }

  /// Four decimals.
  private func digits(_ value: Double) -> String {
    let scaled = (value * 10_000).rounded() / 10_000
    return scaled.isFinite ? "\(scaled)" : "\(value)"
  }
}
