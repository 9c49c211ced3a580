package import Tensors

/// The sum of the inner products of all pairs of fields: `[count, fields, width]` to `[count]`
/// (Rendle, 2010; as the second-order part of DeepFM in Guo et al., 2017, arXiv 1703.04247).
///
/// Computed as `½ Σ_l [(Σ_f v_fl)² - Σ_f v_fl²]`, which takes O(fields · width) a row where the
/// pairs themselves would take O(fields² · width).
package func pairwiseInteractions(_ fields: Tensor) -> Tensor {
  let (count, members, width) = (fields.shape[0], fields.shape[1], fields.shape[2])
  let input = fields.detached
  let sums = input.sum(axis: 1)
  let output = Tensor(shape: [count]) { out in
    let values = input.span
    let totals = sums.span
    for row in 0..<count {
      let total = totals.extracting(row * width..<(row + 1) * width)
      let block = values.extracting(row * members * width..<(row + 1) * members * width)
      out[row] = (sumOfSquares(total) - sumOfSquares(block)) / 2
    }
  }
  return traced(output, fields) { gradient in
    let upstream = gradient.reshaped([count, 1, 1])
    fields.node.accumulate((sums.reshaped([count, 1, width]) - input) * upstream)
  }
}

/// The same where fields stand apart, for scoring: `Σ v` and `Σ v²` of those that the candidates of a
/// request share are taken once.
package func pairwiseInteractions(_ columns: SplitColumns) -> Tensor {
  /// `[rows, width]` and `[rows]`.
  func sums(_ side: SplitColumns.Side) -> (plain: Tensor, squared: Tensor)? {
    guard let first = side.vectors.first?.values else { return nil }
    let rest = side.vectors.dropFirst().map(\.values)
    func squares(_ fields: Tensor) -> Tensor { fields.square().sum(axis: 2).sum(axis: 1) }
    return (
      rest.reduce(first.sum(axis: 1)) { $0 + $1.sum(axis: 1) },
      rest.reduce(squares(first)) { $0 + squares($1) }
    )
  }
  let own = sums(columns.own)
  let shared = sums(columns.shared).map {
    (plain: $0.plain.gatherRows(columns.runs), squared: $0.squared.gatherRows(columns.runs))
  }
  let sides = [own, shared].compactMap { $0 }
  guard let first = sides.first else { return Tensor(zeros: [columns.runs.count]) }
  let total = sides.dropFirst().reduce(first) { ($0.plain + $1.plain, $0.squared + $1.squared) }
  return (total.plain.square().sum(axis: 1) - total.squared) / 2
}

/// Four partial sums, because one would wait for itself at every step.
private func sumOfSquares(_ values: Span<Scalar>) -> Scalar {
  var partial = SIMD8<Scalar>.zero
  let whole = values.count & ~7
  var index = 0
  while index < whole {
    let part = values.extracting(index..<index + 8)
    var lanes = SIMD8<Scalar>.zero
    for lane in part.indices { lanes[lane] = part[lane] }
    partial += lanes * lanes
    index += 8
  }
  var total = partial.sum()
  while index < values.count {
    total += values[index] * values[index]
    index += 1
  }
  return total
}
