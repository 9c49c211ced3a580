import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct DeterminantalTests {
  /// Features of `count` candidates, and gains.
  private func random(_ seed: Int, count: Int, width: Int) -> (FactoredKernel, [Double]) {
    var random = RandomStream(seed: UInt64(seed))
    let features = (0..<count).map { _ in (0..<width).map { _ in Double(random.nextNormal()) } }
    let gains = (0..<count).map { _ in Double(random.nextNormal()) }
    return (FactoredKernel(features: features), gains)
  }

  /// Chen's example, L = [[1, .9, .1], [.9, .95, .2], [.1, .2, .8]].
  @Test func publishedKernel() throws {
    let entries = [[1, 0.9, 0.1], [0.9, 0.95, 0.2], [0.1, 0.2, 0.8]]
    let root = try #require(Cholesky(entries))
    let kernel = FactoredKernel(features: root.rows)
    for i in 0..<3 {
      for j in 0..<3 { #expect(abs(kernel[i, j] - entries[i][j]) < 1e-6) }
    }
    var selection = DeterminantalSelection(kernel, gains: [0, 0, 0], weight: 1)
    #expect(selection.choices(top: 3, of: 3).map(\.candidate) == [0, 2, 1])
  }

  /// The definition: determinants of all that repels with and without the candidate.
  private func naive(
    _ kernel: FactoredKernel, _ gains: [Double], _ weight: Double, window: Int? = nil, top: Int
  ) -> [Int] {
    var taken: [Int] = []
    while taken.count < min(top, kernel.count) {
      let near = taken.suffix(window.map { $0 - 1 } ?? taken.count)
      var best: (index: Int, value: Double)?
      for i in 0..<kernel.count where !taken.contains(i) {
        let value =
          gains[i] + weight
          * (logDeterminant(kernel, near + [i]) - logDeterminant(kernel, Array(near)))
        if value > best?.value ?? -.infinity { best = (i, value) }
      }
      if let best { taken.append(best.index) }
    }
    return taken
  }

  @Test(arguments: 0..<200)
  func equalsTheDefinition(_ seed: Int) {
    let count = 1 + seed % 30
    let (kernel, gains) = random(seed, count: count, width: count + seed % 5)
    let weight = Double(1 + seed % 7) / 3
    let top = 1 + seed % (count + 3)
    var selection = DeterminantalSelection(kernel, gains: gains, weight: weight, top: top)
    let order = selection.choices(top: top, of: count).map(\.candidate)
    #expect(order == naive(kernel, gains, weight, top: top))
    let expected = logDeterminant(kernel, order)
    #expect(abs(selection.logVolume - expected) < 1e-8 * max(1, abs(expected)))
  }

  @Test(arguments: 0..<120)
  func windowsEqualTheDefinition(_ seed: Int) {
    let count = 2 + seed % 23
    let (kernel, gains) = random(1000 + seed, count: count, width: count + 2)
    for window in [1, 2, 3, 7, count, count + 1, .max] {
      var selection = DeterminantalSelection(
        kernel, gains: gains, weight: 0.8, window: window, top: 3)
      #expect(
        selection.choices(top: count, of: count).map(\.candidate)
          == naive(kernel, gains, 0.8, window: window, top: count), "window \(window)")
    }
  }

  /// Values too, not only who is best, long after the first were forgotten.
  @Test func windowedValuesDoNotDrift() {
    let (kernel, gains) = random(7, count: 200, width: 12)
    var selection = DeterminantalSelection(kernel, gains: gains, weight: 1, window: 6, top: 10)
    let allowed = [UInt8](repeating: 1, count: 200)
    var taken: [Int] = []
    for _ in 0..<150 {
      guard let next = selection.best(allowed) else { break }
      let values = selection.allValues()
      let near = Array(taken.suffix(5))
      let base = logDeterminant(kernel, near)
      for i in 0..<200 where !taken.contains(i) {
        let expected = gains[i] + logDeterminant(kernel, near + [i]) - base
        #expect(abs(values[i] - expected) < 1e-7)
      }
      selection.take(next)
      taken.append(next)
    }
    #expect(taken.count == 150)
  }

  /// More candidates than dimensions: what is in the span of those taken comes last, by gain, also
  /// where a window gives its direction back.
  @Test(arguments: [nil, 3, 4, 8])
  func singularKernelsGiveFullSlates(window: Int?) {
    for seed in 0..<20 {
      let (kernel, gains) = random(seed, count: 40, width: 3)
      var selection = DeterminantalSelection(
        kernel, gains: gains, weight: 1, window: window, top: 40)
      let order = selection.choices(top: 40, of: 40).map(\.candidate)
      #expect(order.sorted() == Array(0..<40))
      guard window == nil else { continue }
      let rest = order.dropFirst(3).map { gains[$0] }
      #expect(rest == rest.sorted(by: >))
    }
  }

  /// What a duplicate could not add is back when its twin is forgotten.
  @Test func forgettingGivesADirectionBack() {
    let kernel = FactoredKernel(features: [[2, 0], [2, 0], [0, 1], [1, 1]])
    var selection = DeterminantalSelection(
      kernel, gains: [0, 0, 0, 0], weight: 1, window: 3, top: 4)
    selection.take(0)
    selection.take(1)
    let before = selection.allValues()
    #expect(abs(before[2]) < 1e-12)  // log 1: nothing of it is taken
    #expect(abs(before[3]) < 1e-12)  // (1, 1) without its first component
    selection.take(2)  // 0 is forgotten, and 1 has to say the same alone
    #expect(selection.allValues()[3] <= log(1e-10) + 1e-9)
  }

  @Test(arguments: [1e-9, 1e-3, 0.7, 1, 1.5, 1e5, 1e12])
  func diagonalKernelsSort(scale: Double) {
    var random = RandomStream(seed: 3)
    let lengths = (0..<33).map { _ in Double(Float(scale * (0.5 + Double(random.nextUniform())))) }
    let features = lengths.enumerated().map { i, length in
      (0..<33).map { $0 == i ? length.squareRoot() : 0 }
    }
    let kernel = FactoredKernel(features: features)
    let gains = [Double](repeating: 0, count: 33)
    var selection = DeterminantalSelection(kernel, gains: gains, weight: 1)
    for (i, value) in selection.allValues().enumerated() {
      #expect(abs(value - log(kernel[i, i])) <= 4e-16 * max(1, abs(value)))
    }
    let sorted = (0..<33).sorted { kernel[$0, $0] > kernel[$1, $1] }
    #expect(selection.choices(top: 33, of: 33).map(\.candidate) == sorted)
  }

  @Test func onlyAllowedCandidatesAreTaken() {
    let (kernel, gains) = random(5, count: 21, width: 30)
    var selection = DeterminantalSelection(kernel, gains: gains, weight: 1, top: 2)
    let odd = (0..<21).map { UInt8($0 % 2) }
    selection.take(4)  // a pinned one, whatever the mask says
    var taken: [Int] = [4]
    while let next = selection.best(odd) {
      selection.take(next)
      taken.append(next)
    }
    #expect(taken.dropFirst().sorted() == Array(stride(from: 1, to: 21, by: 2)))
    // The pinned one repels too.
    let pairs = (0..<21).filter { $0 % 2 == 1 }.map { i in
      (i, gains[i] + logDeterminant(kernel, [4, i]) - logDeterminant(kernel, [4]))
    }
    #expect(taken[1] == pairs.max { $0.1 < $1.1 }?.0)
    #expect(selection.best([UInt8](repeating: 0, count: 21)) == nil)
  }

  @Test func nothingToTake() {
    var selection = DeterminantalSelection(
      FactoredKernel(features: []), gains: [], weight: 1, window: 2)
    #expect(selection.best([]) == nil)
    #expect(selection.choices(top: 5, of: 0).isEmpty)
  }

  @Test(arguments: 0..<40)
  func kernelsOfListsAreSemidefinite(_ seed: Int) throws {
    var fixtures = SlateFixtures(seed: UInt64(seed))
    let visuals = seed % 4 == 0 ? .empty : fixtures.table(width: 1 + seed % 9)
    let embeddings = seed % 3 == 0 ? .empty : fixtures.table(width: 1 + seed % 20, names: "i")
    let list = fixtures.list(count: 60, visuals: visuals, embeddings: embeddings)
    let similarity = try SlateSimilarity(
      list,
      weights: SimilarityWeights(
        visual: Double(seed % 3), category: Double(seed % 4), embedding: Double(seed % 5)))
    let kernel = FactoredKernel(similarity, jitter: 0)
    let entries = (0..<60).map { i in
      (0..<60).map { j in kernel[i, j] + (i == j ? 1e-9 : 0) }
    }
    // It has a factor exactly if no eigenvalue is below -1e-9.
    #expect(Cholesky(entries) != nil)
    for i in 0..<60 {
      #expect(kernel[i, i] == 1)
      for j in 0..<60 { #expect(kernel[i, j] > -1e-6 && kernel[i, j] < 1 + 1e-6) }
    }
  }

  private func logDeterminant(_ kernel: FactoredKernel, _ taken: [Int]) -> Double {
    Cholesky(taken.map { i in taken.map { kernel[i, $0] } })?.logDeterminant ?? -.infinity
  }
}

/// A = R Rᵀ; nil where A is not positive definite.
private struct Cholesky {
  var rows: [[Double]]

  init?(_ a: [[Double]]) {
    rows = a.map { $0.map { _ in 0 } }
    for i in a.indices {
      for j in 0...i {
        var sum = a[i][j]
        for k in 0..<j { sum -= rows[i][k] * rows[j][k] }
        if i == j {
          guard sum > 0 else { return nil }
          rows[i][i] = sum.squareRoot()
        } else {
          rows[i][j] = sum / rows[j][j]
        }
      }
    }
  }

  var logDeterminant: Double { rows.indices.reduce(0) { $0 + 2 * log(rows[$1][$1]) } }
}
