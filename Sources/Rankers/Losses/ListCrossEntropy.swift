import Foundation

/// Logarithm and value of a softmax; no value overflows.
func logSoftmax(_ values: [Double]) -> (logarithms: [Double], probabilities: [Double]) {
  let highest = values.max() ?? 0
  let total = log(values.reduce(0) { $0 + exp($1 - highest) }) + highest
  let logarithms = values.map { $0 - total }
  return (logarithms, logarithms.map { exp($0) })
}

/// `-Σ w_i t_i log softmax(s)_i` of a list and its slope `(Σ w t) softmax(s)_i - w_i t_i`.
func crossEntropy(_ list: JudgedList, targets: [Double]) -> ListLossValue {
  var value = ListLossValue(count: list.count)
  let (logarithms, probabilities) = logSoftmax(list.scores)
  let wanted = zip(list.weights, targets).map { $0 * $1 }
  let mass = wanted.reduce(0, +)
  for index in 0..<list.count {
    // 0 · -∞ is no cost.
    if wanted[index] != 0 { value.loss -= wanted[index] * logarithms[index] }
    value.gradient[index] = mass * probabilities[index] - wanted[index]
  }
  return value
}
