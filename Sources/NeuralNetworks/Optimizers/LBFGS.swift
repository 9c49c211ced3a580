/// Limited-memory BFGS (Liu and Nocedal, 1989): minimises a smooth function to high precision, in far
/// fewer evaluations than gradient steps take. For convex models that fit in memory, and as the
/// yardstick for those that learn row by row.
///
/// Works on plain numbers in double precision. Deterministic.
public struct LBFGS: Sendable {
  /// The most iterations.
  public var iterations: Int
  /// Done when no slope is steeper than this share of the largest coordinate, 1 at least.
  public var tolerance: Double
  /// Steps remembered.
  public var memory: Int

  /// A plan.
  public init(iterations: Int = 500, tolerance: Double = 1e-8, memory: Int = 10) {
    self.iterations = iterations
    self.tolerance = tolerance
    self.memory = memory
  }

  /// Where a minimisation ended.
  public struct Minimum: Sendable {
    /// The place.
    public var point: [Double]
    /// The function there.
    public var value: Double
    /// Iterations used.
    public var iterations: Int
    /// Whether the slopes are as small as asked for; if not, iterations or the precision of the
    /// function were used up.
    public var isConverged: Bool
  }

  /// A step and the change of the gradient along it.
  private struct Pair {
    let step: [Double]
    let change: [Double]
    /// 1 / (change · step); positive.
    let scale: Double
  }

  /// Minimises from a starting point.
  ///
  /// - Parameters:
  ///   - isDone: another end than flat slopes, such as a bound on what is left to gain.
  ///   - function: the value at a point and the gradient there. A value that is not a number counts as
  ///     infinitely high.
  /// - Complexity: O(memory · n) an iteration besides the function.
  public func minimize(
    from start: [Double],
    until isDone: (_ value: Double, _ gradient: [Double]) -> Bool = { _, _ in false },
    _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Minimum {
    var (point, pairs) = (start, [Pair]())
    var (value, gradient) = function(point)
    for iteration in 0..<iterations {
      if isFlat(gradient, at: point) || isDone(value, gradient) {
        return .init(point, value, iteration, true)
      }
      var direction = descent(gradient, pairs)
      var slope = dot(direction, gradient)
      if !(slope < 0) {
        // Rounding made the memory useless: start over from the steepest descent.
        pairs = []
        direction = gradient.map { -$0 }
        slope = dot(direction, gradient)
      }
      let first = pairs.isEmpty ? 1 / max(1, dot(gradient, gradient).squareRoot()) : 1
      guard
        let next = search(point, value, direction, slope, first, function)
      else { return .init(point, value, iteration, isFlat(gradient, at: point)) }
      let step = zip(next.point, point).map { $0 - $1 }
      let change = zip(next.gradient, gradient).map { $0 - $1 }
      let curvature = dot(step, change)
      if curvature > 1e-12 * dot(change, change).squareRoot() * dot(step, step).squareRoot() {
        pairs.append(Pair(step: step, change: change, scale: 1 / curvature))
        if pairs.count > memory { pairs.removeFirst() }
      }
      (point, value, gradient) = next
    }
    return .init(point, value, iterations, isFlat(gradient, at: point))
  }

  private func isFlat(_ gradient: [Double], at point: [Double]) -> Bool {
    let extent = point.reduce(1) { max($0, abs($1)) }
    return gradient.allSatisfy { abs($0) <= tolerance * extent }
  }

  /// The two loops of the inverse Hessian in product form.
  private func descent(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var direction = gradient.map { -$0 }
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = pair.scale * dot(pair.step, direction)
      shares.append(share)
      add(-share, pair.change, to: &direction)
    }
    if let last = pairs.last {
      let factor = 1 / (last.scale * dot(last.change, last.change))
      for index in direction.indices { direction[index] *= factor }
    }
    for (pair, share) in zip(pairs, shares.reversed()) {
      add(share - pair.scale * dot(pair.change, direction), pair.step, to: &direction)
    }
    return direction
  }

  /// A step that falls enough and is not too short (the weak conditions of Wolfe), found by bisection
  /// and doubling; nil where the function falls no more that its precision could tell.
  private func search(
    _ point: [Double], _ value: Double, _ direction: [Double], _ slope: Double, _ first: Double,
    _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> (point: [Double], value: Double, gradient: [Double])? {
    var (low, high, length) = (0.0, Double.infinity, first)
    var fallen: (point: [Double], value: Double, gradient: [Double])?
    for _ in 0..<50 {
      var next = point
      add(length, direction, to: &next)
      let (height, gradient) = function(next)
      if !(height <= value + 1e-4 * length * slope) {
        high = length
      } else {
        fallen = (next, height, gradient)
        if dot(gradient, direction) >= 0.9 * slope { return fallen }
        low = length
      }
      length = high.isFinite ? (low + high) / 2 : 2 * length
    }
    return fallen.flatMap { $0.value < value ? $0 : nil }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  private func add(_ factor: Double, _ x: [Double], to y: inout [Double]) {
    for index in y.indices { y[index] += factor * x[index] }
  }
}

extension LBFGS.Minimum {
  fileprivate init(
    _ point: [Double], _ value: Double, _ iterations: Int, _ isConverged: Bool
  ) {
    self.init(point: point, value: value, iterations: iterations, isConverged: isConverged)
  }
}
