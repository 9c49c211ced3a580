public import RankingEvaluation

/// What a diagnosis measured, and what it makes of it.
public struct DiagnosisReport: Sendable, Codable {
  /// Findings, the heaviest first; empty where nothing is wrong.
  public var findings: [Finding]
  /// Where the ladder ends.
  public var verdict: Verdict
  /// The data by part.
  public var data: DataFacts
  /// Each feature's drift from training to test, the largest first.
  public var drift: [FeatureDrift]
  /// Whether a classifier tells training rows from test rows; nil where nothing is left to tell by.
  public var adversarial: Adversarial?
  /// How well each feature orders the test rows by itself, the best first.
  public var singleFeatures: [SingleFeature]
  /// The probes for features that know too much.
  public var probes: [Probe]
  /// Replay of requests through what serves them.
  public var replay: Replay?
  /// The same for a log of what was served; nil without one.
  public var served: Replay?
  /// The values of the scene column; empty without one.
  public var scenes: [Scene]
  /// Quality by part.
  public var quality: [PartQuality]
  /// Mean loss of each epoch of the training.
  public var losses: [Double]
  /// Calibration on the test rows; nil where scores are no probabilities.
  public var calibration: Calibration?

  /// The ladder: data first, then leaks and skew, then the model, then overfitting.
  public struct Verdict: Sendable, Codable, Hashable {
    /// Where it ends.
    public enum Rung: String, Sendable, Codable, Hashable {
      /// Not enough, or not right.
      case data
      /// Offline numbers are too good, or serving differs.
      case leakOrSkew = "leak_or_skew"
      /// The loss does not fall, or the training rows are not learnt either.
      case model
      /// Good on the training rows, bad on the test rows.
      case overfitting
      /// The world moved between training and test.
      case drift
      /// None of these.
      case sound
    }

    /// Where it ends.
    public var rung: Rung
    /// A sentence.
    public var sentence: String
  }
}
