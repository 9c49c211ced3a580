import NeuralNetworks
import Rankers

/// Trains whatever a configuration asks for: `vitrine train`.
public struct ModelTraining: Sendable {
  private let file: TrainingFile

  /// A training by a configuration.
  public init(_ file: TrainingFile) { self.file = file }

  /// Trains and writes the bundle. A task that is cancelled stops within one batch; the checkpoint
  /// then holds the finished epochs.
  ///
  /// - Parameters:
  ///   - checkpoint: a file that is written after each epoch and removed at the end.
  ///   - resume: whether to go on from it.
  ///   - say: receives a line about the data, and one an epoch.
  /// - Throws: `CancellationError`, and errors that name the file, line, key or tensor at fault.
  public func run(
    output: String, checkpoint path: String, resume: Bool, say: (String) -> Void = { _ in }
  ) throws -> TrainingSummary {
    let checkpoint = Checkpoint(path: path, resume: resume)
    checkpoint.removeLeftovers()
    let features = try file.cache.map(VisualFeatures.init(cache:))
    let summary: TrainingSummary
    switch file.task {
    case .ranker(let specification, let training, let schema):
      let bundle = try RankerFitting(
        specification, training, schema: schema, data: file.data,
        features: schema.visual.items ? features : nil
      ).run(checkpoint: checkpoint, note: say) { epoch in
        // Trees come by the hundred.
        let isRound = specification.configuration is BoostedTrees.Configuration
        guard !isRound || epoch.epoch == 1 || epoch.epoch % 10 == 0 else { return }
        say(
          "\(isRound ? "round" : "epoch") \(epoch.epoch): loss \(digits(epoch.loss)), validation \(epoch.validation),"
            + " \(Int(epoch.rowsPerSecond)) rows/s")
      }
      try bundle.save(to: output)
      summary = bundle.training
    case .slate(let configuration, let training, let base):
      let bundle = try SlateFitting(
        configuration, training, base: RankerBundle(path: base, features: features),
        data: file.data, features: features
      ).run(checkpoint: checkpoint) { epoch in
        say(
          "epoch \(epoch.epoch): loss \(digits(epoch.loss)), validation"
            + " \(training.criterion.rawValue) \(digits(epoch.score))")
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
