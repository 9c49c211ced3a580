/// Mean and standard deviation of the three channels, of values from 0 to 1.
public struct Normalization: Sendable, Hashable {
  /// Red, green, blue.
  public let mean: [Double]
  /// Red, green, blue; positive.
  public let standardDeviation: [Double]

  /// - Precondition: three finite means and three positive finite deviations, also as `Float`, with
  ///   which every byte has a finite value.
  public init(mean: [Double], standardDeviation: [Double]) {
    precondition(
      Self.isValid(mean: mean, standardDeviation: standardDeviation),
      "mean \(mean), standard deviation \(standardDeviation)")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// The statistics of ImageNet, with which torchvision's and most of timm's weights are trained.
  public static let imageNet = Normalization(
    mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// Judges the numbers as they are computed with: a `Double` may be zero or infinite as a `Float`.
  static func isValid(mean: [Double], standardDeviation: [Double]) -> Bool {
    guard mean.count == 3, standardDeviation.count == 3 else { return false }
    return zip(mean, standardDeviation).allSatisfy { pair in
      let (mean, deviation) = (Float(pair.0), Float(pair.1))
      guard mean.isFinite, deviation.isFinite, deviation > 0 else { return false }
      // The values of black and white, between which all others lie.
      return (-mean / deviation).isFinite && ((1 - mean) / deviation).isFinite
    }
  }

  /// The normalised value of every byte, three channels of 256, rounded at each step as
  /// torchvision's `ToTensor` and `Normalize` do.
  package var table: [Float] {
    (0..<3).flatMap { channel in
      let mean = Float(mean[channel])
      let deviation = Float(standardDeviation[channel])
      return (0..<256).map { (Float($0) / 255 - mean) / deviation }
    }
  }

  /// The colour that stands for nothing: `round(255 * mean)`, halves to the even side.
  package var fill: [UInt8] {
    mean.map { UInt8(clamping: Int(($0 * 255).rounded(.toNearestOrEven).clamped(to: 0...255))) }
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
