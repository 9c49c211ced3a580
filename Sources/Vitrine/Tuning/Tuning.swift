import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Synchronization

/// Looks for a ranker's best configuration: `vitrine tune`.
///
/// Trials are judged by the training's monitor on the validation rows, and by nothing else; the test
/// rows are scored once, by the winner, at the end. Every finished trial is kept at once, and a search
/// that was stopped goes on where it was. Equal files, data and seeds give equal results, whatever
/// ran side by side.
public struct Tuning: Sendable {
  /// A configuration that a search tries.
  struct Candidate: Sendable {
    var trial: Int
    var values: [String: String]
    var specification: RankerSpecification
    var training: RankerTraining
    /// The whole file, with these values.
    var yaml: String
  }

  let file: TrainingFile
  let schema: RankingSchema
  let candidates: [Candidate]
  let rungs: [(trials: Int, share: Double)]
  let parallel: Int
  let seed: UInt64
  let budget: SearchPlan.Budget
  /// The configuration without what may differ between two runs of one search.
  let identity: String

  /// Reads a ranker's configuration with a section `search`, and makes every candidate, so that a
  /// value that makes no model is refused before any training.
  /// - Throws: errors naming file, line and key.
  public init(path: String, overrides: TrainingFile.Overrides = .init()) throws {
    let root = try ConfigurationNode(path: path)
    file = try TrainingFile(root, path: path, overrides)
    guard case .ranker(let specification, let training, let schema) = file.task else {
      throw root.failure(
        .badValue, "a search is for rankers.", "Set model.kind to a ranker's kind.")
    }
    self.schema = schema
    guard let section = try root.allMembers()["search"] else {
      throw root.failure(
        .missingKey, "there is no \"search\".", "Say what to try: search: {space: {…}}.")
    }
    let plan = try SearchPlan(section, root: root)
    if plan.budget == .epochs, plan.method == .halving, !specification.isNeural {
      throw section.failure(
        .badValue, "a ranker of kind \(specification.kind) is not trained in epochs.",
        "Set budget: rows.")
    }
    budget = plan.budget ?? (specification.isNeural ? .epochs : .rows)
    rungs = plan.rungs
    parallel = plan.parallel
    seed = plan.seed
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    // The winner's configuration will lie in another folder.
    let bare = TrainingFile.paths.reduce(root.removing("search")) { node, key in
      node.transforming(key) { URL(fileURLWithPath: $0, relativeTo: folder).path }
    }
    candidates = try (0..<plan.trials).map { trial in
      let values = plan.values(of: trial)
      let edited = plan.space.parameters.reduce(bare) { node, parameter in
        values[parameter.key].map { node.setting(parameter.path, to: $0) } ?? node
      }
      let texts = values.mapValues(\.text)
      do {
        let file = try TrainingFile(edited, path: path, overrides)
        guard case .ranker(let specification, let own, _) = file.task else {
          preconditionFailure("a space leaves the kind alone")
        }
        guard own.monitor == training.monitor else {
          throw VitrineError(
            "the monitor would be \(own.monitor.rawValue) in some trials and"
              + " \(training.monitor.rawValue) in others, and their scores could not be compared",
            remedy: "Set training.monitor.")
        }
        return Candidate(
          trial: trial, values: texts, specification: specification, training: own,
          yaml: edited.yaml())
      } catch {
        let chosen = texts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        throw VitrineError(
          "trial \(trial) (\(chosen.joined(separator: ", "))): \(error)",
          remedy: "Correct the space.")
      }
    }
    // Draws do not depend on their number, so a random search may be given more of them; the rungs of
    // halving do.
    let search = plan.method == .halving ? section : section.removing("trials")
    identity = search.removing("parallel").text + bare.text
  }
}

extension Tuning {
  /// Searches, and leaves in a folder: `trials.jsonl`, `results.csv`, `search.svg`, `best.yaml`, the
  /// winner's bundle `best`, and `test.json`, what it reaches on the test rows.
  ///
  /// - Parameters:
  ///   - judgesTest: whether the test rows are scored.
  ///   - say: receives a line about the data, and one a trial; called from any thread.
  /// - Throws: `CancellationError`; `VitrineError` where no trial succeeded.
  public func run(
    output: String, judgesTest: Bool = true, say: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> TuningSummary {
    let features = try file.cache.map(VisualFeatures.init(cache:))
    let data = try FittingData(
      schema: schema, data: file.data, features: schema.visual.items ? features : nil)
    say(data.description)
    let ledger = try TrialLedger(folder: output, fingerprint: fingerprint(data, features))
    let kept = ledger.trials.count
    if kept > 0 { say("\(kept) finished trials are there already") }
    if let last = ledger.trials.last, last.trial >= candidates.count {
      throw VitrineError(
        "\(output): it holds trial \(last.trial), but only \(candidates.count) are asked for",
        remedy: "Ask for at least \(last.trial + 1) trials, or choose another --output.")
    }

    var survivors = candidates
    for (rung, step) in rungs.enumerated() {
      survivors = Array(survivors.prefix(step.trials))
      let isLast = rung == rungs.count - 1
      if rungs.count > 1 {
        say("rung \(rung + 1) of \(rungs.count): \(survivors.count) trials")
      }
      let course = TuningRung(
        rung: rung, share: step.share, isLast: isLast, tuning: self, data: data,
        features: features, ledger: ledger, output: output, say: say)
      let results = try await course.run(survivors)
      let order = results.sorted { $0.isBetter(than: $1) }
      survivors = order.compactMap { result in
        result.score == nil ? nil : candidates[result.trial]
      }
      guard let best = order.first, best.score != nil else {
        throw VitrineError(
          "no trial succeeded: \(order.first?.failure ?? "there was none")",
          remedy: "Correct the space; \(output)/trials.jsonl names every failure.")
      }
    }
    try? FileManager.default.removeItem(atPath: "\(output)/checkpoints")
    return try finish(ledger.trials, output: output, judgesTest: judgesTest)
  }

  private func fingerprint(_ data: FittingData, _ features: VisualFeatures?) throws -> String {
    var fingerprint = TrainingFingerprint()
    try fingerprint.add(identity)
    // What the command line put in the place of the file's values.
    try fingerprint.add(candidates.first?.training)
    try fingerprint.add(data.transform)
    try fingerprint.add([data.rows.train.count, data.rows.validation.count])
    try fingerprint.add(features?.version)
    return fingerprint.hash
  }
}

extension Tuning {
  /// What would be tried, a line a rung and a line a trial.
  public var plan: String {
    var lines: [String] = []
    if rungs.count > 1 {
      for (rung, step) in rungs.enumerated() {
        let share = (step.share * 1000).rounded() / 10
        lines.append(
          "rung \(rung + 1): \(step.trials) trials with \(share) % of the \(budget.rawValue)")
      }
    }
    for candidate in candidates {
      let values = candidate.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      lines.append("trial \(candidate.trial): \(values.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }
}
