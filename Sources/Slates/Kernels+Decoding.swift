import CKernels
import Tensors

extension Kernels {
  /// `x · weights + bias` for `rows` rows of x, `stride` apart: [rows, weights.columns].
  static func product(
    _ x: [Scalar], stride: Int, _ weights: PanelWeights, into out: inout [Scalar], rows: Int
  ) {
    precondition(
      stride >= weights.depth && x.count >= rows * stride && out.count >= rows * weights.columns)
    let panels = weights.columns / PanelWeights.width
    if weights.bias.isEmpty {
      unsafe vitrine_panel_product(
        x, stride, weights.panels, nil, &out, rows, weights.depth, panels)
    } else {
      unsafe vitrine_panel_product(
        x, stride, weights.panels, weights.bias, &out, rows, weights.depth, panels)
    }
  }

  /// Runs an LSTM from a zero state over `steps` rows of gates, in gate order; leaves the last cell
  /// state in `cell` and all hidden states in `hidden`, [steps, cells].
  static func lstm(
    gates: [Scalar], recurrent: PanelWeights, cell: inout [Scalar], hidden: inout [Scalar],
    steps: Int
  ) {
    let width = recurrent.columns / 4
    precondition(
      gates.count >= 4 * steps * width && cell.count >= width && hidden.count >= steps * width)
    unsafe vitrine_lstm_run(
      gates, recurrent.panels, &cell, &hidden, steps, recurrent.depth,
      width / PanelWeights.width)
  }

  /// One step of an LSTM for `rows` states: x [rows, weights.depth] holds inputs and hidden states.
  static func lstm(
    _ x: [Scalar], _ weights: PanelWeights, cell: inout [Scalar], hidden: inout [Scalar], rows: Int
  ) {
    let width = weights.columns / 4
    precondition(
      x.count >= rows * weights.depth && cell.count >= rows * width
        && hidden.count >= rows * width && weights.bias.count == weights.columns)
    unsafe vitrine_lstm_rows(
      x, weights.depth, weights.panels, weights.bias, 0, &cell, &hidden, rows, weights.depth,
      width / PanelWeights.width)
  }

  /// The exponentials of `count` numbers, and whether they are small enough to be of use.
  static func pointerExponentials(
    of x: [Scalar], into out: inout [Scalar], count: Int
  ) -> Bool {
    precondition(
      x.count >= count && out.count >= count && count.isMultiple(of: PanelWeights.width))
    return unsafe vitrine_pointer_exponentials(x, &out, count) != 0
  }

  /// `vector · tanh(key + query)` of each open candidate, -infinity for the others, for one query a
  /// row: [rows, count]. `exponentials` are those of the keys, or nil where they are of no use.
  static func pointerScores(
    keys: [Scalar], exponentials: [Scalar]?, queries: [Scalar], scratch: inout [Scalar],
    vector: [Scalar], open: [UInt8], into out: inout [Scalar], rows: Int, count: Int
  ) {
    let width = vector.count
    precondition(
      keys.count >= count * width && exponentials.map { $0.count >= count * width } ?? true
        && queries.count >= rows * width && scratch.count >= rows * width
        && open.count >= rows * count && out.count >= rows * count)
    let areSmall =
      exponentials != nil && pointerExponentials(of: queries, into: &scratch, count: rows * width)
    unsafe scratch.withUnsafeBufferPointer { scratch in
      unsafe queries.withUnsafeBufferPointer { queries in
        unsafe open.withUnsafeBufferPointer { open in
          unsafe out.withUnsafeMutableBufferPointer { out in
            guard let scratch = scratch.baseAddress, let queries = queries.baseAddress,
              let open = open.baseAddress, let out = out.baseAddress
            else { return }
            for row in 0..<rows {
              if areSmall, let exponentials {
                unsafe vitrine_pointer_scores(
                  exponentials, scratch + row * width, vector, open + row * count,
                  out + row * count, count, width)
              } else {
                unsafe vitrine_additive_scores(
                  keys, width, queries + row * width, vector, open + row * count,
                  out + row * count, count, width)
              }
            }
          }
        }
      }
    }
  }
}

extension Kernels {
  /// Raises `nearest`, one number a row from `first` on, to the dot product with the chosen row.
  static func raiseCosines(
    _ rows: [Scalar], _ chosen: Int, _ nearest: inout [Scalar], at first: Int, count: Int
  ) {
    let width = rows.count / count
    precondition(chosen < count && first >= 0 && nearest.count >= first + count)
    unsafe nearest.withUnsafeMutableBufferPointer { nearest in
      guard let nearest = nearest.baseAddress else { return }
      unsafe vitrine_raise_cosines(rows, chosen, nearest + first, count, width)
    }
  }

  /// The same to e^(-scale · distance) from the chosen row.
  static func raiseNearness(
    _ rows: [Scalar], _ chosen: Int, scale: Scalar, _ nearest: inout [Scalar], at first: Int,
    count: Int
  ) {
    let width = rows.count / count
    precondition(chosen < count && first >= 0 && nearest.count >= first + count)
    unsafe nearest.withUnsafeMutableBufferPointer { nearest in
      guard let nearest = nearest.baseAddress else { return }
      unsafe vitrine_raise_nearness(rows, chosen, scale, nearest + first, count, width)
    }
  }

  /// Adds to scores [rows, count] what novelty makes of the similarities [rows, spaces, count].
  static func addNovelty(
    _ nearest: [Scalar], _ weights: NoveltyWeights, to scores: inout [Scalar], rows: Int,
    count: Int
  ) {
    let units = weights.vector.count
    let spaces = weights.hidden.count / units
    precondition(
      (1...3).contains(spaces) && nearest.count >= rows * spaces * count
        && scores.count >= rows * count && weights.bias.count == units)
    unsafe nearest.withUnsafeBufferPointer { nearest in
      unsafe scores.withUnsafeMutableBufferPointer { scores in
        guard let nearest = nearest.baseAddress, let scores = scores.baseAddress else { return }
        for row in 0..<rows {
          unsafe vitrine_add_novelty(
            nearest + row * spaces * count, weights.hidden, weights.bias, weights.vector,
            scores + row * count, count, spaces, units)
        }
      }
    }
  }
}

extension Kernels {
  /// Numbers of scratch memory that `selfAttention` needs for a list of `count` rows.
  static func selfAttentionScratch(_ count: Int, _ width: Int, heads: Int) -> Int {
    Int(vitrine_self_attention_scratch(count, width, heads))
  }

  /// Multi-head attention among `count` rows of queries, keys and values; `shares` receives its
  /// weights, [heads, count, count].
  static func selfAttention(
    _ rows: [Scalar], stride: Int, into out: inout [Scalar], outStride: Int,
    shares: inout [Scalar], scratch: inout [Scalar], count: Int, width: Int, heads: Int
  ) {
    precondition(
      stride >= 3 * width && outStride >= width && rows.count >= count * stride
        && out.count >= count * outStride && shares.count >= heads * count * count
        && scratch.count >= selfAttentionScratch(count, width, heads: heads))
    unsafe vitrine_self_attention(
      rows, stride, &out, outStride, &shares, &scratch, count, width, heads)
  }
}
