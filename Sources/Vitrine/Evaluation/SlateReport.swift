/// What slates are worth, and how much better or worse they are than others for the same requests.
public struct SlateReport: Sendable, Codable {
  /// Slates judged.
  public var slates: Int
  /// The slates' metrics.
  public var metrics: [MetricEstimate]
  /// These slates less the others, resampled in pairs of one request; empty without others.
  public var differences: [MetricEstimate]
}
