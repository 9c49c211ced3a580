import RankingData
import Tensors

/// How alike the candidates of one list are: a weighted mix of the cosine of their visual vectors,
/// of the equality of their categories and of the cosine of their embeddings.
///
/// A part that either candidate of a pair lacks is left out and the weights of the others stand
/// alone; a pair with nothing to compare has similarity 0. The cosine with a vector of zeros is 0.
public struct SlateSimilarity: Sendable {
  /// Number of candidates.
  public let count: Int
  /// Unit vectors, those of a part scaled by the root of its weight, one part after the other:
  /// a product of two rows is the weighted sum of their cosines.
  let rows: PackedRows
  /// Indices of categories plus 1, 0 for none; padded with 0 as the rows are.
  let categories: [Int32]
  /// Numbers of categories, 0 included.
  let categoryCount: Int
  /// Weights of visual cosine, embedding cosine and category: 0 for a part that no candidate has,
  /// else their sum is 1.
  let weights: (visual: Double, embedding: Double, category: Double)
  /// The parts each candidate has: visual 1, embedding 2, category 4; padded with 0.
  private let parts: [UInt8]
  /// The weight of the parts in common, by their bits.
  private let pairWeights: [Double]

  /// - Parameters:
  ///   - candidates: The candidates of `list` to compare, or `nil` for all.
  ///   - centre: Subtracted from every visual vector before the cosine, usually the mean of the
  ///     visual table: features of unrelated posters point almost the same way otherwise.
  ///     Embeddings are taken as they are.
  /// - Throws: `SlateError` when a vector is not finite or `centre` has another width.
  ///
  /// Complexity: O(count · width).
  public init(
    _ list: SlateList, _ candidates: [Int]? = nil, weights given: SimilarityWeights = .standard,
    centre: [Float]? = nil
  ) throws(SlateError) {
    let chosen = candidates ?? Array(0..<list.count)
    count = chosen.count
    let padded = PackedRows.padded(count)
    var parts = [UInt8](repeating: 0, count: padded)
    var found: UInt8 = 0
    func rows(_ column: [Int32], _ weight: Double, bit: UInt8) -> [Int32] {
      guard weight > 0 else { return [] }
      let rows = chosen.map { column[$0] }
      for (i, row) in rows.enumerated() where row >= 0 { parts[i] |= bit }
      let isFound = rows.contains { $0 >= 0 }
      if isFound { found |= bit }
      return isFound ? rows : []
    }
    let visual = rows(list.visualRows, given.visual, bit: 1)
    let embedding = rows(list.embeddingRows, given.embedding, bit: 2)
    let category = rows(list.categoryCodes, given.category, bit: 4)
    self.parts = parts
    categories = category.map { $0 + 1 } + [Int32](repeating: 0, count: padded - category.count)
    categoryCount = category.isEmpty ? 1 : list.distinctCategories.count + 1

    if !visual.isEmpty, let centre, centre.count != list.visuals.width {
      throw .visualWidth(list: list.id, expected: centre.count, found: list.visuals.width)
    }
    weights = Self.shares(given, found)
    pairWeights = [weights].flatMap { weights in
      (0..<8).map { bits in
        (bits & 1 != 0 ? weights.visual : 0) + (bits & 2 != 0 ? weights.embedding : 0)
          + (bits & 4 != 0 ? weights.category : 0)
      }
    }
    let visualWidth = visual.isEmpty ? 0 : list.visuals.width
    var packed = PackedRows(
      count: count, width: visualWidth + (embedding.isEmpty ? 0 : list.embeddings.width))
    if !visual.isEmpty {
      let squares = packed.set(
        list.visuals, visual, centre: centre, length: weights.visual.squareRoot(), first: 0)
      if let bad = squares.firstIndex(where: { !$0.isFinite }) {
        throw .visualNotFinite(list: list.id, item: list.ids[chosen[bad]])
      }
    }
    if !embedding.isEmpty {
      let squares = packed.set(
        list.embeddings, embedding, centre: nil, length: weights.embedding.squareRoot(),
        first: visualWidth)
      if let bad = squares.firstIndex(where: { !$0.isFinite }) {
        throw .embeddingNotFinite(list: list.id, item: list.ids[chosen[bad]])
      }
    }
    self.rows = packed
  }

  /// The weights of the parts found, scaled so that they add up to 1.
  private static func shares(
    _ given: SimilarityWeights, _ found: UInt8
  ) -> (visual: Double, embedding: Double, category: Double) {
    let visual = found & 1 != 0 ? given.visual : 0
    let embedding = found & 2 != 0 ? given.embedding : 0
    let category = found & 4 != 0 ? given.category : 0
    // Two finite weights may have a sum that is not.
    let largest = max(visual, embedding, category)
    guard largest > 0 else { return (0, 0, 0) }
    let sum = visual / largest + embedding / largest + category / largest
    return (visual / largest / sum, embedding / largest / sum, category / largest / sum)
  }

  /// The similarity of every candidate to one of them; `out` is padded as the rows are, `vector` is
  /// overwritten.
  func similarities(to other: Int, into out: inout [Double], vector: inout [Scalar]) {
    rows.copy(other, into: &vector)
    rows.dots(vector, into: &out)
    DiversityKernels.mix(
      &out, count: count, other: other, categories: categories, categoryWeight: weights.category,
      parts: parts, pairWeights: pairWeights)
  }

  /// The similarity of every candidate to one of them. O(count · width).
  package func row(of candidate: Int) -> [Double] {
    var row = [Double](repeating: 0, count: PackedRows.padded(count))
    var vector = [Scalar](repeating: 0, count: rows.width)
    similarities(to: candidate, into: &row, vector: &vector)
    return Array(row.prefix(count))
  }

  /// The similarity of two candidates. O(width).
  public func callAsFunction(_ a: Int, _ b: Int) -> Double {
    similarity(a, b, product: rows.dot(a, b))
  }

  /// The similarity of two candidates whose rows have this product.
  func similarity(_ a: Int, _ b: Int, product: Double) -> Double {
    let isSame = categories[a] > 0 && categories[a] == categories[b]
    let weight = pairWeights[Int(parts[a] & parts[b])]
    return weight > 0 ? min((product + (isSame ? weights.category : 0)) / weight, 1) : 0
  }
}
