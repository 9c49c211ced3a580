/// Inverse propensity weights for clicks that were biased by where a candidate was shown
/// (Joachims, Swaminathan and Schnabel, WSDM 2017, arXiv 1608.04468).
///
/// A candidate at rank k of the displayed list, which is taken to be the base order, is looked at
/// with probability 1 / k^eta, so a click there stands for k^eta of them. Without these weights a
/// model learns where the logger put things. Weights are cut off at `clip`: a few clicks from far
/// below would otherwise outweigh all others.
public struct ClickPropensity: Codable, Sendable, Hashable {
  /// How fast attention falls with the rank; 0 trusts every click alike.
  public var eta = 1.0
  /// The largest weight.
  public var clip = 10.0

  /// The defaults.
  public init() {}

  /// Every key it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable { case eta, clip }

  /// Every missing field takes its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    eta = try container.decodeIfPresent(Double.self, forKey: .eta) ?? eta
    clip = try container.decodeIfPresent(Double.self, forKey: .clip) ?? clip
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    try SlateError.require("propensity.eta", eta, eta >= 0 && eta <= 10, "it must lie in 0...10")
    try SlateError.require(
      "propensity.clip", clip, clip >= 1 && clip.isFinite, "it must be a finite number from 1 on")
  }
}
