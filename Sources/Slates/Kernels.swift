import CKernels
import RankingData
import Tensors

/// The C loops of this room behind checked arrays. Matrices are row-major and may lie at the start
/// of a longer array.
enum Kernels {
  /// The given rows of a visual table minus `centre`, [rows.count, width], and the squares of their
  /// lengths; row -1 gives zeros.
  static func centredRows(
    _ table: VisualTable, _ rows: [Int32], centre: [Float]? = nil, into out: inout [Scalar],
    squaredNorms: inout [Scalar]
  ) {
    let width = table.width
    precondition(
      rows.allSatisfy { $0 >= -1 && Int($0) < table.count } && out.count >= rows.count * width
        && squaredNorms.count >= rows.count && centre.map { $0.count == width } ?? true)
    if let centre {
      unsafe vitrine_centred_rows(
        table.vectors, rows, centre, &out, &squaredNorms, rows.count, width)
    } else {
      unsafe vitrine_centred_rows(
        table.vectors, rows, nil, &out, &squaredNorms, rows.count, width)
    }
  }

  /// Dot products of the rows [count, width] with one of them.
  static func rowDots(
    _ rows: [Scalar], row: Int, into out: inout [Scalar], count: Int, width: Int
  ) {
    precondition(rows.count >= count * width && row < count && out.count >= count)
    unsafe rows.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe vitrine_row_dots(base, base + row * width, &out, count, width)
    }
  }
}
