import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Synchronization

/// Some candidates of a search, trained with the same budget, several side by side.
struct TuningRung: Sendable {
  let rung: Int
  /// Of the whole budget.
  let share: Double
  /// Whether a winner may come of it.
  let isLast: Bool
  let tuning: Tuning
  let data: FittingData
  let features: VisualFeatures?
  let ledger: TrialLedger
  let output: String
  let say: @Sendable (String) -> Void

  /// Trains those that the ledger does not have yet.
  /// - Returns: all results, in the candidates' order.
  func run(_ candidates: [Tuning.Candidate]) async throws -> [Trial] {
    let best = BestTrial(output: output, start: isLast ? ledgerBest : nil)
    let data = try budgeted()
    var waiting = candidates.filter { ledger.finished($0.trial, rung: rung) == nil }[...]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<tuning.parallel {
        guard let next = waiting.popFirst() else { break }
        group.addTask { try run(next, on: data, best) }
      }
      while try await group.next() != nil {
        guard let next = waiting.popFirst() else { continue }
        group.addTask { try run(next, on: data, best) }
      }
    }
    return candidates.compactMap { ledger.finished($0.trial, rung: rung) }
  }

  private func run(
    _ candidate: Tuning.Candidate, on data: FittingData, _ best: BestTrial
  ) throws {
    let start = ContinuousClock.now
    var trial = Trial(
      trial: candidate.trial, rung: rung, values: candidate.values, score: nil, epoch: nil,
      seconds: 0, failure: nil)
    do {
      let bundle = try fit(candidate, on: data)
      trial.score = bundle.training.record.best?.score
      trial.epoch = bundle.training.record.best?.epoch
      trial.seconds = start.duration(to: .now) / .seconds(1)
      // First the model, then its line: a line without its model could not be made up for.
      if isLast { try best.offer(bundle, trial) }
    } catch let error as CancellationError {
      throw error
    } catch let error as TrainingError {
      // What one configuration does to its own loss is a result; a full disk is not.
      trial.failure = "\(error)"
      trial.seconds = start.duration(to: .now) / .seconds(1)
    }
    try ledger.add(trial)
    say(description(trial))
  }

  private func fit(_ candidate: Tuning.Candidate, on data: FittingData) throws -> RankerBundle {
    var training = candidate.training
    var checkpoint: Checkpoint?
    if tuning.rungs.count > 1, tuning.budget == .epochs {
      training.epochs = max(1, Int((Double(training.epochs) * share).rounded(.up)))
      let folder = "\(output)/checkpoints"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      checkpoint = Checkpoint(path: "\(folder)/\(candidate.trial)", resume: true)
    }
    return try RankerFitting(
      candidate.specification, training, schema: tuning.schema, data: tuning.file.data,
      features: tuning.schema.visual.items ? features : nil
    ).run(on: data, checkpoint: checkpoint)
  }

  /// The data of this rung: of a budget in rows, whole requests of the training part.
  private func budgeted() throws -> FittingData {
    guard tuning.budget == .rows, share < 1 else { return data }
    var data = data
    let requests = data.compiled.requests
    data.rows.train = data.rows.train.filter {
      Self.place(of: requests[Int($0)], seed: tuning.seed) < share
    }
    guard !data.rows.train.isEmpty else {
      throw VitrineError(
        "the first rung's share of the training rows, \(share), is none",
        remedy: "Set fewer trials or a smaller factor.")
    }
    return data
  }

  /// Where a request stands in 0 ..< 1; smaller shares are parts of greater ones.
  private static func place(of request: Int32, seed: UInt64) -> Double {
    let hash = StableHash.combined(seed, UInt64(UInt32(bitPattern: request)))
    return Double(hash >> 11) * 0x1p-53
  }

  private var ledgerBest: Trial? {
    ledger.trials.filter { $0.rung == rung }.reduce(nil) { best, trial in
      trial.isBetter(than: best) ? trial : best
    }
  }

  private func description(_ trial: Trial) -> String {
    let values = trial.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let result =
      trial.score.map { score in
        let digits = (score * 10_000).rounded() / 10_000
        return "\(tuning.metric) \(digits) at epoch \(trial.epoch ?? 0)"
      } ?? "failed: \(trial.failure ?? "")"
    return "trial \(trial.trial): \(result), \((trial.seconds * 10).rounded() / 10) s;"
      + " \(values.joined(separator: ", "))"
  }
}

/// Keeps the best model of a search on disk.
private final class BestTrial: Sendable {
  private let output: String
  private let best: Mutex<Trial?>

  init(output: String, start: Trial?) {
    self.output = output
    best = Mutex(start)
  }

  func offer(_ bundle: RankerBundle, _ trial: Trial) throws {
    try best.withLock { best in
      guard trial.isBetter(than: best) else { return }
      try bundle.save(to: "\(output)/best")
      best = trial
    }
  }
}
