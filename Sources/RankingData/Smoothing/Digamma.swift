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
  // Bernoulli numbers B(2k) / 2k, the last first.
  var series = inverse * (1.0 / 12)
  series = inverse * (series - 691.0 / 32760)
  series = inverse * (series + 1.0 / 132)
  series = inverse * (series - 1.0 / 240)
  series = inverse * (series + 1.0 / 252)
  series = inverse * (series - 1.0 / 120)
  series = inverse * (series + 1.0 / 12)
  return result + log(x) - 0.5 / x - series
}
