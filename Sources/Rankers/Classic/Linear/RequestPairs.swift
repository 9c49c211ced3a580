import RankingData

/// What violated margins of pairs cost: `C Σ_requests (1 / pairs) Σ weight · loss(s_i - s_j)` over the
/// pairs of a request of which row i has the higher label, as a function of the scores.
///
/// Pairs are never enumerated: rows are swept in the order of their scores, and those that a row
/// violates its margin to are counted in a tree over the labels below it (after Joachims, KDD 2006, and
/// Lee and Lin, 2014). O(n log n) for a request of n rows, with any number of grades.
package struct RequestPairs: Sendable {
  private struct Request: Sendable {
    let rows: [Int]
    /// The place of each row's label among the request's labels, from 0.
    let grades: [Int]
    let gradeCount: Int
    /// C / pairs.
    let factor: Double
  }

  private let requests: [Request]
  private let weights: [Double]
  private let loss: MarginLoss
  /// Pairs in all.
  package let count: Int

  package init(
    requests: [Int32], labels: [Float], weights: [Float], loss: MarginLoss, c: Double
  ) {
    var (groups, total) = ([Request](), 0)
    let grouped = RequestRows(requests)
    for request in 0..<grouped.count {
      let rows = grouped[request].map(Int.init)
      let distinct = Set(rows.map { labels[$0] }).sorted()
      guard distinct.count > 1 else { continue }
      let places = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
      let grades = rows.map { places[labels[$0]] ?? 0 }
      var sizes = [Int](repeating: 0, count: distinct.count)
      for grade in grades { sizes[grade] += 1 }
      // All pairs but those of equal labels.
      let pairs = (rows.count * rows.count - sizes.reduce(0) { $0 + $1 * $1 }) / 2
      total += pairs
      groups.append(
        Request(
          rows: rows, grades: grades, gradeCount: distinct.count, factor: c / Double(pairs)))
    }
    self.requests = groups
    self.weights = weights.map { Double($0) }
    self.loss = loss
    count = total
  }

  /// The cost of scores, and its slope along each.
  package func callAsFunction(_ scores: [Double]) -> (value: Double, gradient: [Double]) {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: scores.count)
    for request in requests {
      value += add(request, request.rows.map { scores[$0] }, to: &gradient)
    }
    return (value, gradient)
  }

  private func add(
    _ request: Request, _ scores: [Double], to gradient: inout [Double]
  ) -> Double {
    let rising = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var value = 0.0
    // Rows that are to stand above: from the highest score down, what comes within their margin.
    var below = GradeTree(request.gradeCount)
    var next = rising.count - 1
    for place in rising.reversed() {
      let score = scores[place]
      while next >= 0, score - scores[rising[next]] < 1 {
        below.add(1, scores[rising[next]], at: request.grades[rising[next]])
        next -= 1
      }
      let found = below.total(below: request.grades[place])
      let row = request.rows[place]
      let share = request.factor * weights[row]
      // Errors are gap + s_j, with gap = 1 - s_i.
      let gap = 1 - score
      switch loss {
      case .hinge:
        value += share * (found.weight * gap + found.first)
        gradient[row] -= share * found.weight
      case .squaredHinge:
        value += share * (found.weight * gap * gap + 2 * gap * found.first + found.second)
        gradient[row] -= 2 * share * (found.weight * gap + found.first)
      }
    }
    // Rows that are to stand below: from the lowest score up, what has come too close.
    var above = GradeTree(request.gradeCount)
    next = 0
    for place in rising {
      let score = scores[place]
      while next < rising.count, scores[rising[next]] - score < 1 {
        let other = rising[next]
        // Counted from the top, so that higher grades are a prefix.
        above.add(
          weights[request.rows[other]], scores[other],
          at: request.gradeCount - 1 - request.grades[other])
        next += 1
      }
      let found = above.total(below: request.gradeCount - 1 - request.grades[place])
      let pull =
        loss == .hinge ? found.weight : 2 * (found.weight * (1 + score) - found.first)
      gradient[request.rows[place]] += request.factor * pull
    }
    return value
  }
}

/// Sums over grades below any one (Fenwick, 1994): of weights, and of weighted scores and their squares.
private struct GradeTree {
  struct Sums {
    var (weight, first, second) = (0.0, 0.0, 0.0)
  }

  private var nodes: [Sums]

  init(_ grades: Int) { nodes = [Sums](repeating: Sums(), count: grades + 1) }

  mutating func add(_ weight: Double, _ score: Double, at grade: Int) {
    var node = grade + 1
    while node < nodes.count {
      nodes[node].weight += weight
      nodes[node].first += weight * score
      nodes[node].second += weight * score * score
      node += node & -node
    }
  }

  func total(below grade: Int) -> Sums {
    var (sums, node) = (Sums(), grade)
    while node > 0 {
      sums.weight += nodes[node].weight
      sums.first += nodes[node].first
      sums.second += nodes[node].second
      node -= node & -node
    }
    return sums
  }
}
