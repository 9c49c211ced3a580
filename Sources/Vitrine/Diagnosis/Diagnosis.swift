import Foundation
import RankingData
import RankingEvaluation

/// Looks for what makes a ranker's numbers wrong or its quality vanish: `vitrine diagnose`.
///
/// The ladder is the one a practitioner climbs: is the data right and sufficient, do features know
/// what they cannot know, is the same computed in serving, has the world moved, and only then: does
/// the model learn, and does it learn by heart.
public struct Diagnosis {
  /// A column whose values are judged one by one; nil for none.
  public var scene: String?
  /// A file of requests as they were served, features as logged and scores as given (JSON Lines);
  /// nil for none.
  public var served: String?
  /// Drives every sample and shuffle.
  public var seed: UInt64 = 1
  private let file: TrainingFile
  private let model: String

  /// A diagnosis of a bundle on the log of its training's configuration.
  public init(_ file: TrainingFile, model: String) {
    self.file = file
    self.model = model
  }

  /// Measures everything.
  /// - Parameter say: receives a line before each step.
  /// - Throws: an error naming the file at fault; a part without rows to compare with is refused.
  public func run(say: (String) -> Void = { _ in }) throws -> DiagnosisReport {
    say("reading the log and scoring it")
    let subject = try DiagnosisCase(file, model: model, seed: seed)
    say("data and drift")
    let (facts, dataFindings) = try DataCheck(subject).run()
    let (drift, driftFindings) = try DriftCheck(subject).run()
    let (adversarial, adversarialFindings) = try AdversarialCheck(subject).run()
    say("leaks")
    let (single, singleFindings) = try SingleFeatureCheck(subject).run()
    let (probes, probeFindings) = try LeakProbes(subject).run()
    say("replay of requests")
    let (replay, replayFindings) = try ReplayCheck(subject).run()
    var servedReplay: DiagnosisReport.Replay?
    var servedFindings: [Finding] = []
    if let served {
      let result = try ServedCheck(subject, path: served).run()
      servedReplay = result.replay
      servedFindings = result.findings
    }
    var scenes: [DiagnosisReport.Scene] = []
    var sceneFindings: [Finding] = []
    if let scene { (scenes, sceneFindings) = try SceneCheck(subject, column: scene).run() }
    let ladder = try LadderCheck(subject)
    let found: [[Finding]] = [
      dataFindings, singleFindings, probeFindings, replayFindings, servedFindings, driftFindings,
      adversarialFindings, ladder.findings, sceneFindings,
    ]
    let findings = Finding.Weight.allCases.flatMap { weight in
      found.joined().filter { $0.weight == weight }
    }
    return DiagnosisReport(
      findings: findings, verdict: ladder.verdict(findings), data: facts, drift: drift,
      adversarial: adversarial, singleFeatures: single, probes: probes, replay: replay,
      served: servedReplay, scenes: scenes, quality: ladder.quality, losses: ladder.losses,
      calibration: ladder.calibration)
  }
}
