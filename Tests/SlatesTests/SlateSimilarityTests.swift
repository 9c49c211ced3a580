import Foundation
import RankingData
import Slates
import Tensors
import Testing

@Suite struct SlateSimilarityTests {
  private let table = VisualTable(
    ids: ["a", "b", "zero"], width: 3, vectors: [1, 0, 0, 0.6, 0.8, 0, 0, 0, 0])

  @Test func absentPartsLeaveTheOthersAlone() throws {
    let embeddings = VisualTable(
      ids: ["a", "none", "bare"], width: 2, vectors: [1, 0, 1, 1, 0, 1])
    let list = try SlateList(
      id: "r", ids: ["a", "b", "none", "zero", "bare"],
      categories: ["x", "x", "x", "y", nil], visuals: table, embeddings: embeddings)
    #expect(list.embeddingRows == [0, -1, 1, -1, 2])
    let two = try SlateSimilarity(list, weights: SimilarityWeights(visual: 3, category: 1))
    #expect(abs(two(0, 1) - (3 * 0.6 + 1) / 4) < 1e-6)  // both parts
    #expect(two(0, 2) == 1)  // no image: category alone
    #expect(two(2, 3) == 0)  // no image: categories differ
    #expect(two(0, 3) == 0)  // a zero vector is like nothing
    #expect(two(0, 4) == 0)  // nothing to compare
    let three = try SlateSimilarity(
      list, weights: SimilarityWeights(visual: 3, category: 1, embedding: 2))
    #expect(abs(three(0, 1) - (3 * 0.6 + 1) / 4) < 1e-6)  // no embedding
    let diagonal = 0.5.squareRoot()
    #expect(abs(three(0, 2) - (2 * diagonal + 1) / 3) < 1e-6)  // no image
    #expect(abs(three(2, 4) - diagonal) < 1e-6)  // embedding alone
    #expect(abs(three(0, 4)) < 1e-6)
    let categories = try SlateSimilarity(list, weights: SimilarityWeights(visual: 0, category: 1))
    #expect(categories(0, 1) == 1)
    let colours = try SlateSimilarity(list, weights: SimilarityWeights(visual: 1, category: 0))
    #expect(abs(colours(0, 1) - 0.6) < 1e-6)
    #expect(colours(0, 2) == 0)
    let nothing = try SlateSimilarity(list, weights: SimilarityWeights(visual: 0, category: 0))
    #expect(nothing(0, 1) == 0)
  }

  /// Widths on both sides of a block, and lists that fill none, one and several.
  @Test(arguments: [1, 7, 16, 33, 64])
  func aRowIsWhatItsPairsAre(_ width: Int) throws {
    var fixtures = SlateFixtures(seed: UInt64(width))
    let (visuals, embeddings) = (
      fixtures.table(width: width), fixtures.table(width: 2 * width, names: "i")
    )
    for count in [0, 1, 15, 16, 17, 64, 70, 100] {
      let list = fixtures.list(count: count, visuals: visuals, embeddings: embeddings)
      let similarity = try SlateSimilarity(
        list, weights: SimilarityWeights(visual: 0.2, category: 0.3, embedding: 0.5))
      #expect(similarity.count == count)
      for i in 0..<count {
        let row = similarity.row(of: i)
        #expect(row.count == count)
        for j in 0..<count {
          #expect(abs(row[j] - similarity(i, j)) < 1e-6)
          #expect(row[j] <= 1)
        }
      }
    }
  }

  /// Vectors are packed by whole blocks where none is missing, one by one elsewhere, and in both the
  /// ends of rows apart.
  @Test(arguments: [1, 7, 8, 9, 19, 64], [false, true])
  func imagesCompareByTheirCosine(_ width: Int, centred: Bool) throws {
    var fixtures = SlateFixtures(seed: UInt64(100 + width))
    let visuals = fixtures.table(count: 12, width: width)
    let centre = centred ? visuals.mean(of: 12) : nil
    for count in [1, 7, 8, 9, 24, 41] {
      let list = fixtures.list(count: count, visuals: visuals)
      let vectors = list.visualRows.map { row in
        row < 0
          ? nil
          : visuals.vector(row).enumerated().map { Double($1) - Double(centre?[$0] ?? 0) }
      }
      func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let similarity = try SlateSimilarity(
        list, weights: SimilarityWeights(visual: 1, category: 0), centre: centre)
      for i in 0..<count {
        let row = similarity.row(of: i)
        for j in 0..<count {
          let cosine =
            if let a = vectors[i], let b = vectors[j] {
              product(a, b) / (product(a, a) * product(b, b)).squareRoot()
            } else { 0.0 }
          #expect(abs(row[j] - cosine) < 2e-6)
        }
      }
    }
  }

  @Test func candidatesAreChosenInAnyOrder() throws {
    var fixtures = SlateFixtures(seed: 9)
    let list = fixtures.list(count: 30, visuals: fixtures.table())
    let all = try SlateSimilarity(list)
    let chosen = [7, 3, 29, 3]
    let some = try SlateSimilarity(list, chosen)
    for (i, a) in chosen.enumerated() {
      for (j, b) in chosen.enumerated() { #expect(abs(some(i, j) - all(a, b)) < 1e-6) }
    }
  }

  /// Only the ratio of weights counts, however large they are.
  @Test func weightsOfAnySizeAreShares() throws {
    var fixtures = SlateFixtures(seed: 10)
    let list = fixtures.list(count: 20, visuals: fixtures.table())
    let plain = try SlateSimilarity(list, weights: SimilarityWeights(visual: 1, category: 1))
    let largest = Double.greatestFiniteMagnitude
    let huge = try SlateSimilarity(
      list, weights: SimilarityWeights(visual: largest, category: largest))
    for i in 0..<20 { #expect(plain.row(of: i) == huge.row(of: i)) }
  }

  @Test func centringSeparatesWhatPointsTheSameWay() throws {
    let table = VisualTable(
      ids: ["a", "b", "c"], width: 2, vectors: [10, 1, 10, -1, 10, 1])
    let list = try SlateList(id: "r", ids: ["a", "b", "c"], visuals: table)
    let plain = try SlateSimilarity(list)
    #expect(plain(0, 1) > 0.9)
    let centred = try SlateSimilarity(list, centre: SlateReranker.centre(of: table))
    #expect(centred(0, 1) < 0)
    #expect(abs(centred(0, 2) - 1) < 1e-5)
  }

  @Test func damagedVectorsAreAnError() throws {
    let table = VisualTable(ids: ["a", "b"], width: 2, vectors: [1, 0, .nan, 1])
    let list = try SlateList(id: "r", ids: ["a", "b"], visuals: table)
    #expect(throws: SlateError.visualNotFinite(list: "r", item: "b")) {
      try SlateSimilarity(list)
    }
    #expect(throws: SlateError.visualWidth(list: "r", expected: 5, found: 2)) {
      try SlateSimilarity(list, centre: [0, 0, 0, 0, 0])
    }
    let embedded = try SlateList(id: "r", ids: ["b", "a"], embeddings: table)
    let error = SlateError.embeddingNotFinite(list: "r", item: "b")
    #expect(throws: error) {
      try SlateSimilarity(embedded, weights: SimilarityWeights(embedding: 1))
    }
    #expect(error.description.contains("“b”"))
    // What has no weight is not looked at.
    _ = try SlateSimilarity(embedded)
    let tiny = VisualTable(
      ids: ["a", "b"], width: 2, vectors: [.leastNonzeroMagnitude, 0, .greatestFiniteMagnitude, 0])
    let extreme = try SlateList(id: "r", ids: ["a", "b"], visuals: tiny)
    #expect(abs(try SlateSimilarity(extreme)(0, 1) - 1) < 1e-6)
  }

  @Test(arguments: [-1, .nan, .infinity])
  func weightsAreChecked(_ value: Double) {
    #expect(throws: SlateError.self) { try SimilarityWeights(visual: value) }
    #expect(throws: SlateError.self) { try SimilarityWeights(category: value) }
    #expect(throws: SlateError.self) { try SimilarityWeights(embedding: value) }
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(SimilarityWeights.self, from: Data(#"{"visual": -1}"#.utf8))
    }
  }

  @Test func weightsRoundTrip() throws {
    let weights = try SimilarityWeights(visual: 2, category: 0, embedding: 1)
    let data = try JSONEncoder().encode(weights)
    #expect(try JSONDecoder().decode(SimilarityWeights.self, from: data) == weights)
    #expect(try JSONDecoder().decode(SimilarityWeights.self, from: Data("{}".utf8)) == .standard)
  }
}
