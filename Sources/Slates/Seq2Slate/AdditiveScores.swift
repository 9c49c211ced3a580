import CKernels
package import Tensors

/// `vector · tanh(key + query)` of every open candidate of every list, as one differentiable
/// operation that keeps no activation: the gradient computes tanh again.
///
/// - Parameters:
///   - keys: [n · lists, width], time-major.
///   - queries: [lists, width]
///   - vector: [width]
///   - open: One byte per list and candidate, list-major; 0 excludes the candidate.
/// - Returns: [lists, n]; -infinity where a candidate is excluded.
package func additiveScores(keys: Tensor, queries: Tensor, vector: Tensor, open: [UInt8]) -> Tensor
{
  let (lists, width) = (queries.shape[0], queries.shape[1])
  let count = lists == 0 ? 0 : open.count / lists
  precondition(
    open.count == lists * count && keys.shape == [count * lists, width]
      && vector.shape == [width],
    "keys \(keys.shape), queries \(queries.shape), vector \(vector.shape), mask \(open.count)")
  let inputs = (keys: keys.detached, queries: queries.detached, vector: vector.detached)
  var scores = Tensor(zeros: [lists, count])
  unsafe scores.withUnsafeMutablePointer { out in
    unsafe inputs.keys.withUnsafePointer { keys in
      unsafe inputs.queries.withUnsafePointer { queries in
        unsafe inputs.vector.withUnsafePointer { vector in
          unsafe open.withUnsafeBufferPointer { open in
            guard let open = open.baseAddress else { return }
            for list in 0..<lists {
              unsafe vitrine_additive_scores(
                keys + list * width, lists * width, queries + list * width, vector,
                open + list * count, out + list * count, count, width)
            }
          }
        }
      }
    }
  }
  return traced(scores, keys, queries, vector) { gradient in
    var keysGradient = Tensor(zeros: inputs.keys.shape)
    var queriesGradient = Tensor(zeros: inputs.queries.shape)
    var vectorGradient = Tensor(zeros: inputs.vector.shape)
    unsafe keysGradient.withUnsafeMutablePointer { keysOut in
      unsafe queriesGradient.withUnsafeMutablePointer { queriesOut in
        unsafe vectorGradient.withUnsafeMutablePointer { vectorOut in
          unsafe inputs.keys.withUnsafePointer { keys in
            unsafe inputs.queries.withUnsafePointer { queries in
              unsafe inputs.vector.withUnsafePointer { vector in
                unsafe gradient.withUnsafePointer { gradient in
                  unsafe open.withUnsafeBufferPointer { open in
                    guard let open = open.baseAddress else { return }
                    for list in 0..<lists {
                      unsafe vitrine_additive_scores_gradient(
                        keys + list * width, lists * width, queries + list * width, vector,
                        open + list * count, gradient + list * count, keysOut + list * width,
                        queriesOut + list * width, vectorOut, count, width)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    keys.node.accumulate(keysGradient)
    queries.node.accumulate(queriesGradient)
    vector.node.accumulate(vectorGradient)
  }
}
