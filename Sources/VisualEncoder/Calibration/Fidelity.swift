import Foundation

/// How close the features of one arithmetic are to those of single precision on the same images.
///
/// Cosines are taken after each side's mean feature is subtracted: features of unrelated images
/// already have cosines near one, so plain ones flatter.
public struct Fidelity: Sendable, Codable, Equatable {
  /// Images compared.
  public let images: Int
  /// Mean of the cosines; 1 is perfect.
  public let mean: Double
  /// The cosine that one image in a hundred falls below.
  public let p1: Double
  /// The worst image's.
  public let minimum: Double
  /// Mean of the plain cosines.
  public let plainMean: Double

  /// Below this mean, neighbours begin to change places.
  public static let bar = 0.98

  /// Whether the mean reaches the bar.
  public var reachesBar: Bool { mean >= Self.bar }

  /// - Parameters: `[images][width]` each, in the same order.
  package init(of features: [[Float]], against reference: [[Float]]) {
    precondition(features.count == reference.count, "\(features.count) and \(reference.count)")
    let (left, right) = (Self.centred(features), Self.centred(reference))
    let cosines = zip(left, right).map(Self.cosine)
    let plain = zip(features, reference).map { pair in
      Self.cosine(pair.0.map(Double.init(_:)), pair.1.map(Double.init(_:)))
    }
    let sorted = cosines.sorted()
    images = cosines.count
    mean = cosines.reduce(0, +) / Double(max(cosines.count, 1))
    p1 = sorted.isEmpty ? 0 : sorted[Int(0.01 * Double(sorted.count - 1))]
    minimum = sorted.first ?? 0
    plainMean = plain.reduce(0, +) / Double(max(plain.count, 1))
  }

  private static func centred(_ rows: [[Float]]) -> [[Double]] {
    guard let width = rows.first?.count else { return [] }
    var mean = [Double](repeating: 0, count: width)
    for row in rows { for (index, value) in row.enumerated() { mean[index] += Double(value) } }
    for index in mean.indices { mean[index] /= Double(rows.count) }
    return rows.map { zip($0, mean).map { Double($0) - $1 } }
  }

  /// Two zero vectors agree.
  private static func cosine(_ left: [Double], _ right: [Double]) -> Double {
    var (dot, a, b) = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) {
      dot += x * y
      a += x * x
      b += y * y
    }
    guard a > 0, b > 0 else { return a == b ? 1 : 0 }
    return dot / (a * b).squareRoot()
  }
}
