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

  /// The data of the three parts.
  public struct DataFacts: Sendable, Codable, Hashable {
    /// One part.
    public struct Part: Sendable, Codable, Hashable {
      /// Its name.
      public var name: String
      /// Rows.
      public var rows: Int
      /// Share of positive labels.
      public var positives: Double
    }

    /// Training, validation and test, where they have rows.
    public var parts: [Part]
    /// Share of the training positives that the most clicked hundredth of the items has.
    public var topItemShare: Double?
    /// Gini coefficient of positives by item.
    public var itemGini: Double?
    /// Share of the training positives of items that were never shown without one.
    public var alwaysPositive: Double?
    /// Share of rows that show an item a second time in its request.
    public var duplicates: Double?
  }

  /// How far a feature has moved from training to test.
  public struct FeatureDrift: Sendable, Codable, Hashable {
    /// Its name.
    public var feature: String
    /// Population stability index.
    public var psi: Double
    /// What the index would be expected to be at most without any drift, from the number of
    /// independent values.
    public var noise: Double
    /// Kolmogorov-Smirnov distance; nil for ids.
    public var ks: Double?
    /// What the distance may be without any drift; nil for ids.
    public var ksNoise: Double?
    /// Share of the test rows' ids that no training row has; nil for numbers.
    public var new: Double?
    /// Share of missing values in training and in test.
    public var missing: [Double]
    /// Whether it grows by itself, as histories and counts do, and is no finding.
    public var growsByItself: Bool
    /// Whether it is an id of who, what or which request, of which only new ones are a finding.
    public var isIdentity: Bool
    /// The bins: their names and their shares in training and in test.
    public var bins: [Bin]

    /// One bin.
    public struct Bin: Sendable, Codable, Hashable {
      /// What it holds.
      public var name: String
      /// Share of the training rows.
      public var train: Double
      /// Share of the test rows.
      public var test: Double
    }
  }

  /// A classifier of training against test rows.
  public struct Adversarial: Sendable, Codable, Hashable {
    /// AUC on rows of requests that it did not learn from: ½ where nothing tells them apart.
    public var auc: Double
    /// Two standard errors of it.
    public var margin: Double
    /// What each feature adds: the AUC lost when its values are shuffled, the largest first.
    public var carriers: [Carrier]

    /// One feature.
    public struct Carrier: Sendable, Codable, Hashable {
      /// Its name.
      public var feature: String
      /// AUC lost without it.
      public var loss: Double
    }
  }

  /// A feature's own AUC on the test rows, by rates of the training rows.
  public struct SingleFeature: Sendable, Codable, Hashable {
    /// Its name.
    public var feature: String
    /// AUC.
    public var auc: Double
  }

  /// One probe for leaks.
  public struct Probe: Sendable, Codable, Hashable {
    /// What was tried.
    public var name: String
    /// What came out.
    public var result: String
    /// Whether all is well.
    public var passed: Bool
  }

  /// Features and scores of requests as they are served, against those of the log.
  public struct Replay: Sendable, Codable, Hashable {
    /// Requests compared.
    public var requests: Int
    /// Candidates compared.
    public var candidates: Int
    /// Requests that the log does not have, whose features could not be compared.
    public var unmatched: Int
    /// Share of feature values that differ.
    public var mismatch: Double
    /// The largest difference of a score.
    public var scoreDifference: Double
    /// Share of values that differ, by feature, the worst first; those without a difference are
    /// left out.
    public var features: [Mismatch]

    /// One feature.
    public struct Mismatch: Sendable, Codable, Hashable {
      /// Its name.
      public var feature: String
      /// Share of values that differ.
      public var share: Double
    }
  }

  /// One value of the scene column.
  public struct Scene: Sendable, Codable, Hashable {
    /// The value; nil for all rarer ones together.
    public var value: String?
    /// Share of the training rows.
    public var trainShare: Double
    /// Share of the test rows.
    public var testShare: Double
    /// Metrics of its test rows, by name.
    public var metrics: [String: Double]
  }

  /// The model on one part.
  public struct PartQuality: Sendable, Codable, Hashable {
    /// The part.
    public var part: String
    /// Rows judged; a large part is sampled.
    public var rows: Int
    /// Metrics by name.
    public var metrics: [String: Double]
  }
}
