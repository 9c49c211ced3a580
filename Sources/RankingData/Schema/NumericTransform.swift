import Foundation

/// The fitted scale of a numeric field. Missing values become the training mean, and raise an
/// indicator column of their own if training had missing values.
public struct NumericTransform: Sendable, Hashable, Codable {
  /// Column name.
  public var name: String
  /// Scale.
  public var transform: NumericField.Transform
  /// Mean of the training rows, after the logarithm if there is one.
  public var mean: Double
  /// Standard deviation of the training rows, likewise; 1 where all are equal.
  public var scale: Double
  /// Whether a column says which values are missing.
  public var indicator: Bool

  /// Fits the scale to training values; a population standard deviation.
  public init(field: NumericField, values: some Sequence<Double?>) {
    name = field.name
    transform = field.transform
    var count = 0.0
    var missing = false
    var mean = 0.0
    var squares = 0.0
    for value in values {
      guard let value else {
        missing = true
        continue
      }
      let x = field.transform == .log ? log1p(max(0, value)) : value
      count += 1
      let step = x - mean
      mean += step / count
      squares += step * (x - mean)
    }
    let deviation = count > 0 ? (squares / count).squareRoot() : 0
    self.mean = mean
    // A constant column leaves rounding noise of the order of its mean, not signal.
    scale = deviation > 1e-12 * max(1, mean.magnitude) ? deviation : 1
    indicator = missing
  }

  /// Columns this field takes.
  public var width: Int { indicator ? 2 : 1 }

  /// The scaled value; `nil` becomes the training mean. Beyond ±1e12 a number says nothing more,
  /// and products of it no longer fit a `Float`.
  public func callAsFunction(_ value: Double?) -> Float {
    guard let value else { return transform == .none ? Self.bounded(mean) : 0 }
    switch transform {
    case .none: return Self.bounded(value)
    case .standardize: return Self.bounded((value - mean) / scale)
    case .log: return Self.bounded((log1p(max(0, value)) - mean) / scale)
    }
  }

  private static func bounded(_ value: Double) -> Float { Float(min(max(value, -1e12), 1e12)) }
}
