extension DiagnosisReport {
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
}
