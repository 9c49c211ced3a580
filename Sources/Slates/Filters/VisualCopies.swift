import RankingData
import Tensors

/// Which candidates show the image of one before them: asked one after the other, in order.
///
/// Products come a block of candidates at a time, so that memory stays linear in their number:
/// O(n² · width) in all, half of it saved by looking back only.
struct VisualCopies {
  /// What two ways of adding up the same products may differ by.
  private static let rounding = 1e-6
  private static let block = 64

  private let threshold: Double
  /// Unit vectors in the order given, [count, width]; zeros without an image.
  private let vectors: [Scalar]
  private let hasImage: [Bool]
  private let width: Int
  private var isKept: [Bool]
  /// Products of the present block with everything up to its end: [block, its end].
  private var products: [Scalar] = []
  private var blockStart = -1

  /// - Throws: `SlateError.visualNotFinite`.
  init(
    _ list: SlateList, _ candidates: [Int], threshold: Double, centre: [Float]?
  ) throws(SlateError) {
    self.threshold = threshold
    let (width, count) = (list.visuals.width, candidates.count)
    self.width = width
    isKept = [Bool](repeating: false, count: count)
    let rows = candidates.map { list.visualRows[$0] }
    guard width > 0, rows.contains(where: { $0 >= 0 }) else {
      (vectors, hasImage) = ([], isKept)
      return
    }
    var vectors = [Scalar](repeating: 0, count: count * width)
    var norms = [Scalar](repeating: 0, count: count)
    Kernels.centredRows(list.visuals, rows, centre: centre, into: &vectors, squaredNorms: &norms)
    if let bad = norms.firstIndex(where: { !$0.isFinite }) {
      throw .visualNotFinite(list: list.id, item: list.ids[candidates[bad]])
    }
    for row in 0..<count where norms[row] > 0 {
      let scale = 1 / norms[row].squareRoot()
      for k in row * width..<(row + 1) * width { vectors[k] *= scale }
    }
    self.vectors = vectors
    hasImage = norms.map { $0 > 0 }
  }

  /// The first kept candidate whose image this one shows again, and their cosine.
  mutating func original(of place: Int) -> (place: Int, cosine: Double)? {
    guard hasImage[place] else { return nil }
    let start = place / Self.block * Self.block
    if start != blockStart { multiply(from: start) }
    let end = min(start + Self.block, hasImage.count)
    let row = (place - start) * end
    for other in 0..<place where isKept[other] && hasImage[other] {
      let cosine = Double(products[row + other])
      if cosine >= threshold - Self.rounding { return (other, min(cosine, 1)) }
    }
    return nil
  }

  mutating func keep(_ place: Int) { isKept[place] = true }

  private mutating func multiply(from start: Int) {
    let end = min(start + Self.block, hasImage.count)
    let rows = end - start
    if products.count < rows * end {
      products = [Scalar](repeating: 0, count: rows * end)
    }
    unsafe vectors.withUnsafeBufferPointer { vectors in
      unsafe products.withUnsafeMutableBufferPointer { products in
        guard let all = vectors.baseAddress, let out = products.baseAddress else { return }
        unsafe Gemm.multiply(
          m: rows, n: end, k: width, a: all + start * width, lda: width, b: all, ldb: width,
          transposeB: true, c: out, ldc: end)
      }
    }
    blockStart = start
  }
}
