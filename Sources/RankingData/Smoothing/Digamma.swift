import Foundation

/// The logarithmic derivative of the gamma function, for `x > 0`, to about 1e-14 of its size.
///
/// Below 10 the recurrence psi(x) = psi(x + 1) - 1/x leads up; from there on the asymptotic series
/// is exact to the last digits.
package func digamma(_ x: Double) -> Double {
  precondition(x > 0, "The digamma function is wanted at \(x), and defined here above 0.")
  var x = x
  var result = 0.0
  while x < 10 {
    result -= 1 / x
    x += 1
  }
  let inverse = 1 / (x * x)
  // Bernoulli numbers B(2k) / 2k.
  let terms: [(Double, Double)] = [
    (1, 12), (-1, 120), (1, 252), (-1, 240), (1, 132), (-691, 32760), (1, 12),
  ]
  var series = 0.0
  for (numerator, denominator) in terms.reversed() {
    series = (series + numerator / denominator) * inverse
  }
  return result + log(x) - 0.5 / x - series
}
