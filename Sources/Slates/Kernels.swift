import CKernels
import RankingData
import Tensors

/// The C loops of this room behind checked arrays. Matrices are row-major and may lie at the start
/// of a longer array.
enum Kernels {
  /// `out = x · weights + bias` for x [rows, depth] and weights [depth, columns].
  static func dense(
    _ x: [Scalar], _ weights: DenseWeights, into out: inout [Scalar], rows: Int
  ) {
    let (depth, columns) = (weights.depth, weights.columns)
    precondition(x.count >= rows * depth && out.count >= rows * columns)
    if weights.bias.isEmpty {
      unsafe vitrine_dense(x, weights.matrix, nil, &out, rows, depth, columns)
    } else {
      unsafe vitrine_dense(x, weights.matrix, weights.bias, &out, rows, depth, columns)
    }
  }

  /// Runs an LSTM over `steps` rows of gates, which are overwritten, from the state given to the
  /// state left behind; the hidden states go to `outputs` if that is not empty.
  static func lstm(
    gates: inout [Scalar], recurrent: DenseWeights, hidden: inout [Scalar],
    cell: inout [Scalar], outputs: inout [Scalar], steps: Int
  ) {
    let width = recurrent.depth
    precondition(
      gates.count >= 4 * steps * width && hidden.count == width && cell.count == width
        && outputs.count >= steps * width)
    unsafe vitrine_lstm_sequence(
      &gates, recurrent.matrix, &hidden, &cell, &outputs, steps, width)
  }

  /// `vector · tanh(key + query)` of each open candidate, -infinity for the others.
  static func additiveScores(
    keys: [Scalar], query: [Scalar], vector: [Scalar], open: [UInt8], into out: inout [Scalar],
    count: Int
  ) {
    let width = vector.count
    precondition(
      keys.count >= count * width && query.count == width && open.count >= count
        && out.count >= count)
    unsafe vitrine_additive_scores(keys, width, query, vector, open, &out, count, width)
  }

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

/// A weight turned so that products run along its rows: [depth, columns].
struct DenseWeights: Sendable {
  let matrix: [Scalar]
  let bias: [Scalar]
  let depth: Int
  let columns: Int

  /// From a weight [outputs, inputs] as layers keep it.
  init(_ weight: Tensor, bias: Tensor? = nil) {
    depth = weight.shape[1]
    columns = weight.shape[0]
    matrix = weight.transposed().scalars
    self.bias = bias?.scalars ?? []
  }
}
