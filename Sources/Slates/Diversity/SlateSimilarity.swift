import RankingData
import Tensors

/// How alike the candidates of one list are: a weighted mix of the cosine of their visual vectors
/// and of the equality of their categories.
///
/// A part that either candidate of a pair lacks is left out and the weights of the other part
/// stand alone; a pair with nothing to compare has similarity 0.
public struct SlateSimilarity: Sendable {
  /// Number of candidates.
  public let count: Int
  private let width: Int
  /// Centred vectors [count, width]; zeros without an image. Empty when no candidate has one.
  private let vectors: [Scalar]
  /// 1 / length of each vector; 0 for a zero vector, whose cosine is taken as 0.
  private let inverseNorms: [Double]
  private let hasImage: [Bool]
  private let categories: [Int32]
  private let visualWeight: Double
  private let categoryWeight: Double

  /// Reused between calls.
  struct Buffer {
    var dots: [Scalar] = []
  }

  /// - Parameters:
  ///   - candidates: The candidates of `list` to compare, or `nil` for all.
  ///   - centre: Subtracted from every vector before the cosine, usually the mean of the visual
  ///     table: features of unrelated posters point almost the same way otherwise.
  /// - Throws: `SlateError` when a vector is not finite or `centre` has another width.
  ///
  /// Complexity: O(count · width).
  public init(
    _ list: SlateList, _ candidates: [Int]? = nil, weights: MMR, centre: [Float]? = nil
  ) throws(SlateError) {
    let chosen = candidates ?? Array(0..<list.count)
    count = chosen.count
    visualWeight = weights.visualWeight
    categoryWeight = weights.categoryWeight
    categories = chosen.map { list.categoryCodes[$0] }
    let rows = weights.visualWeight > 0 ? chosen.map { list.visualRows[$0] } : []
    guard rows.contains(where: { $0 >= 0 }) else {
      (width, vectors, inverseNorms, hasImage) = (0, [], [], [])
      return
    }
    width = list.visuals.width
    hasImage = rows.map { $0 >= 0 }
    if let centre, centre.count != width {
      throw .visualWidth(list: list.id, expected: centre.count, found: width)
    }
    var vectors = [Scalar](repeating: 0, count: rows.count * width)
    var norms = [Scalar](repeating: 0, count: rows.count)
    Kernels.centredRows(list.visuals, rows, centre: centre, into: &vectors, squaredNorms: &norms)
    if let bad = norms.firstIndex(where: { !$0.isFinite }) {
      throw .visualNotFinite(list: list.id, item: list.ids[chosen[bad]])
    }
    self.vectors = vectors
    inverseNorms = norms.map { $0 > 0 ? 1 / Double($0).squareRoot() : 0 }
  }

  /// The similarity of every candidate to one of them.
  func similarities(to other: Int, into out: inout [Double], _ buffer: inout Buffer) {
    let category = categories[other]
    let comparesImages = !hasImage.isEmpty && hasImage[other]
    if comparesImages {
      if buffer.dots.count < count { buffer.dots = [Scalar](repeating: 0, count: count) }
      Kernels.rowDots(vectors, row: other, into: &buffer.dots, count: count, width: width)
    }
    for i in 0..<count {
      var (sum, weight) = (0.0, 0.0)
      if comparesImages, hasImage[i] {
        sum = visualWeight * (Double(buffer.dots[i]) * inverseNorms[i] * inverseNorms[other])
        weight = visualWeight
      }
      if category >= 0, categories[i] >= 0 {
        if categories[i] == category { sum += categoryWeight }
        weight += categoryWeight
      }
      out[i] = weight > 0 ? sum / weight : 0
    }
  }

  /// The similarity of every candidate to one of them. O(count · width).
  package func row(of candidate: Int) -> [Double] {
    var row = [Double](repeating: 0, count: count)
    var buffer = Buffer()
    similarities(to: candidate, into: &row, &buffer)
    return row
  }

  /// The similarity of two candidates. O(width).
  public func callAsFunction(_ a: Int, _ b: Int) -> Double {
    var (sum, weight) = (0.0, 0.0)
    if !hasImage.isEmpty, hasImage[a], hasImage[b] {
      var dot = 0.0
      for k in 0..<width {
        dot += Double(vectors[a * width + k]) * Double(vectors[b * width + k])
      }
      sum = visualWeight * (dot * inverseNorms[a] * inverseNorms[b])
      weight = visualWeight
    }
    if categories[a] >= 0, categories[b] >= 0 {
      if categories[a] == categories[b] { sum += categoryWeight }
      weight += categoryWeight
    }
    return weight > 0 ? sum / weight : 0
  }
}
