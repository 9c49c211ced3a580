import CKernels
package import Tensors

/// The sum of the inner products of all pairs of fields: `[count, fields, width]` to `[count]`
/// (Rendle, 2010; as the second-order part of DeepFM in Guo et al., 2017, arXiv 1703.04247).
///
/// Computed as `½ Σ_f v_f · (Σ_g v_g - v_f)`, which takes O(fields · width) a row where the
/// pairs themselves would take O(fields² · width).
package func pairwiseInteractions(_ fields: Tensor) -> Tensor {
  let (count, members, width) = (fields.shape[0], fields.shape[1], fields.shape[2])
  let input = fields.detached
  var sums = Tensor(zeros: [count, width])
  let output = unsafe Tensor.unsafeUninitialized([count]) { out in
    unsafe sums.withUnsafeMutablePointer { sums in
      unsafe input.withUnsafePointer {
        unsafe vitrine_pairwise($0, sums, out, count, members, width)
      }
    }
  }
  let totals = sums
  return traced(output, fields) { gradient in
    fields.node.accumulate(
      unsafe Tensor.unsafeUninitialized(input.shape) { out in
        unsafe input.withUnsafePointer { input in
          unsafe totals.withUnsafePointer { totals in
            unsafe gradient.withUnsafePointer {
              unsafe vitrine_pairwise_gradient(input, totals, $0, out, count, members, width)
            }
          }
        }
      })
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
