import CKernels
package import Tensors

/// Multi-head attention among the candidates of each list, as one differentiable operation.
///
/// - Parameters:
///   - projected: queries, keys and values side by side, [n · lists, 3 · width], time-major as
///     `SlateBatch` has it.
///   - counts: candidates of each list; rows behind them are padding, which nothing reads.
/// - Returns: [n · lists, width], zeros in the padding. O(Σ count² · width).
package func selfAttention(projected: Tensor, counts: [Int], heads: Int) -> Tensor {
  let (rows, width) = (projected.shape[0], projected.shape[1] / 3)
  precondition(
    projected.shape[1] == 3 * width && heads > 0 && width.isMultiple(of: heads)
      && counts.allSatisfy { $0 >= 0 && $0 * counts.count <= rows },
    "\(projected.shape) for \(counts) candidates and \(heads) heads")
  let attention = SelfAttention(
    counts: counts, width: width, heads: heads, projected: projected.detached)
  let (output, shares) = attention.run(rows: rows)
  return traced(output, projected) { gradient in
    projected.node.accumulate(attention.gradient(gradient, shares))
  }
}

/// The loops of `selfAttention`.
private struct SelfAttention {
  let counts: [Int]
  let width: Int
  let heads: Int
  let projected: Tensor

  private var lists: Int { counts.count }
  /// Numbers between two rows of a list.
  private var stride: Int { lists * 3 * width }

  private var scratch: [Scalar] {
    let longest = counts.max() ?? 0
    return [Scalar](
      repeating: 0, count: Int(vitrine_self_attention_scratch(longest, width, heads)))
  }

  func run(rows: Int) -> (output: Tensor, shares: [Scalar]) {
    var shares = [Scalar](repeating: 0, count: counts.reduce(0) { $0 + heads * $1 * $1 })
    var scratch = scratch
    var output = Tensor(zeros: [rows, width])
    unsafe output.withUnsafeMutablePointer { out in
      unsafe projected.withUnsafePointer { projected in
        unsafe shares.withUnsafeMutableBufferPointer { shares in
          guard var shares = shares.baseAddress else { return }
          for (list, count) in counts.enumerated() where count > 0 {
            unsafe vitrine_self_attention(
              projected + list * 3 * width, stride, out + list * width, lists * width, shares,
              &scratch, count, width, heads)
            unsafe shares += heads * count * count
          }
        }
      }
    }
    return (output, shares)
  }

  func gradient(_ gradient: Tensor, _ shares: [Scalar]) -> Tensor {
    var scratch = scratch
    var found = Tensor(zeros: projected.shape)
    unsafe found.withUnsafeMutablePointer { out in
      unsafe projected.withUnsafePointer { projected in
        unsafe gradient.withUnsafePointer { gradient in
          unsafe shares.withUnsafeBufferPointer { shares in
            guard var shares = shares.baseAddress else { return }
            for (list, count) in counts.enumerated() where count > 0 {
              unsafe vitrine_self_attention_gradient(
                projected + list * 3 * width, stride, shares, gradient + list * width,
                lists * width, out + list * 3 * width, &scratch, count, width, heads)
              unsafe shares += heads * count * count
            }
          }
        }
      }
    }
    return found
  }
}
