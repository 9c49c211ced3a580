import Foundation

/// The fitted scale of a numeric field. Missing values become the training mean, and raise an
/// indicator column of their own if training had missing values.
public struct NumericTransform: Sendable, Hashable, Codable {
  /// Column name.
  public var name: String
  /// Scale.
  public var transform: NumericField.Transform
  /// Mean of the training rows, after the logarithm or quantile if there is one.
  public var mean: Double
  /// Standard deviation of the training rows, likewise; 1 where all are equal.
  public var scale: Double
  /// The distribution that a quantile is taken of.
  public var quantiles: Quantiles?
  /// Powers of the scaled value, a column each.
  public var powers: [Double]
  /// Whether a column says which values are missing.
  public var indicator: Bool

  /// Fits the scale to training values; a population standard deviation. NaN is missing.
  public init(field: NumericField, values: some Sequence<Double>) {
    name = field.name
    transform = field.transform
    powers = field.transform == .quantile ? field.powers : [1]
    quantiles = field.transform == .quantile ? Quantiles(values.filter { !$0.isNaN }) : nil
    indicator = false
    mean = 0
    scale = 1
    var count = 0.0
    var mean = 0.0
    var squares = 0.0
    for x in levels(Array(values)) {
      if x.isNaN {
        indicator = true
        continue
      }
      count += 1
      let step = x - mean
      mean += step / count
      squares += step * (x - mean)
    }
    let deviation = count > 0 ? (squares / count).squareRoot() : 0
    self.mean = mean
    // A constant column leaves rounding noise of the order of its mean, not signal.
    scale = deviation > 1e-12 * max(1, mean.magnitude) ? deviation : 1
  }

  /// Columns this field takes: its powers, then the indicator.
  public var width: Int { powers.count + (indicator ? 1 : 0) }

  /// Names of the columns.
  var columns: [String] {
    powers.map { $0 == 1 ? name : "\(name)^\($0.formatted)" }
      + (indicator ? ["\(name) is missing"] : [])
  }

  /// The scaled value; NaN, which is a missing one, becomes the training mean. Beyond ±1e12 a number
  /// says nothing more, and products of it no longer fit a `Float`.
  public func callAsFunction(_ value: Double) -> Float { self([value])[0] }

  /// The scaled values of many numbers.
  func callAsFunction(_ values: [Double]) -> [Float] { levels(values).map(scaled) }

  /// Whether a number is as good as missing: it is, or it has no logarithm.
  func isMissing(_ value: Double) -> Bool { value.isNaN || transform == .log && value < 0 }

  private func scaled(_ level: Double) -> Float {
    var x = level.isNaN ? mean : level
    if transform == .standardize || transform == .log { x = (x - mean) / scale }
    return Float(min(max(x, -1e12), 1e12))
  }

  /// Numbers before they are standardized; NaN stays NaN.
  private func levels(_ values: [Double]) -> [Double] {
    switch transform {
    case .none, .standardize: values
    // A negative count has no logarithm; training refuses it, serving scores it as missing.
    case .log: values.map { $0 < 0 ? .nan : log1p($0) }
    case .quantile: quantiles?.shares(of: values) ?? values
    }
  }
}

extension NumericTransform {
  /// Writes the columns of this field into rows of `stride` numbers, from column `offset` on.
  func write(
    _ values: [Double], into numbers: inout MutableSpan<Float>, at offset: Int, stride: Int
  ) {
    var position = offset
    // The first power is 1 almost always, and then it is the only one.
    let isPlain = powers == [1]
    for level in levels(values) {
      let x = scaled(level)
      if isPlain {
        numbers[position] = x
      } else {
        for (place, power) in powers.enumerated() {
          numbers[position + place] = power == 1 ? x : Float(pow(Double(x), power))
        }
      }
      if indicator { numbers[position + powers.count] = level.isNaN ? 1 : 0 }
      position += stride
    }
  }
}

extension NumericTransform {
  private enum CodingKeys: String, CodingKey {
    case name, transform, mean, scale, quantiles, powers, indicator
  }

  /// Decodes a scale.
  /// - Throws: `DecodingError` where it would divide by zero, or lacks its quantiles or powers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    transform = try container.decode(NumericField.Transform.self, forKey: .transform)
    mean = try container.decode(Double.self, forKey: .mean)
    scale = try container.decode(Double.self, forKey: .scale)
    quantiles = try container.decodeIfPresent(Quantiles.self, forKey: .quantiles)
    powers = try container.decode([Double].self, forKey: .powers)
    indicator = try container.decode(Bool.self, forKey: .indicator)
    guard scale > 0, !powers.isEmpty, (transform == .quantile) == (quantiles != nil) else {
      throw DecodingError.dataCorruptedError(
        forKey: .scale, in: container,
        debugDescription: "The scale of \"\(name)\" cannot be applied.")
    }
  }
}

extension Double {
  /// `2`, `0.5`: without a fraction where there is none.
  var formatted: String {
    Int(exactly: self).map(String.init) ?? String(describing: self)
  }
}
