import Foundation
import RankingData
import Slates
import Testing

/// What `tools/reference/diversity.py` computed in NumPy.
private struct DiversityGolden: Decodable {
  struct List: Decodable {
    let scores: [Double]
    let visuals: [[Float]?]
    let embeddings: [[Float]?]
    let categories: [String?]
    let weights: SimilarityWeights
    let shares: [String: Double]

    /// The list and the similarity of its candidates.
    func made() throws -> (SlateList, SlateSimilarity) {
      func table(_ rows: [[Float]?]) -> VisualTable {
        let found = rows.indices.filter { rows[$0] != nil }
        let vectors = found.map { rows[$0] ?? [] }
        return VisualTable(
          ids: found.map { "\($0)" }, width: vectors.first?.count ?? 0,
          vectors: vectors.flatMap { $0 })
      }
      let list = try SlateList(
        id: "golden", ids: scores.indices.map { "\($0)" }, scores: scores,
        categories: categories, visuals: table(visuals), embeddings: table(embeddings))
      return (list, try SlateSimilarity(list, weights: weights))
    }
  }
  struct Marginal: Decodable {
    let tradeOff: Double
    let order: [Int]
  }
  struct Determinantal: Decodable {
    let tradeOff: Double
    let window: Int?
    let order: [Int]
    let logDeterminant: Double
  }
  struct Calibrated: Decodable {
    let tradeOff: Double
    let discounts: Bool
    let order: [Int]
    let divergence: Double
  }

  let list: List
  let top: Int
  let mmr: [Marginal]
  let dpp: [Determinantal]
  let calibrated: [Calibrated]

  static func load() throws -> [DiversityGolden] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Golden/diversity.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([DiversityGolden].self, from: data)
  }
}

@Suite struct DiversityGoldenTests {
  @Test func marginalRelevance() throws {
    for golden in try DiversityGolden.load() {
      let (list, similarity) = try golden.list.made()
      for expected in golden.mmr {
        let choices = try MMR(tradeOff: expected.tradeOff).select(
          relevance: list.scores ?? [], similarity: similarity, top: golden.top)
        #expect(choices.map(\.candidate) == expected.order, "trade-off \(expected.tradeOff)")
      }
    }
  }

  @Test func determinants() throws {
    for golden in try DiversityGolden.load() {
      let (list, similarity) = try golden.list.made()
      for expected in golden.dpp {
        let dpp = try DPP(tradeOff: expected.tradeOff, window: expected.window)
        let choices = dpp.select(
          relevance: list.scores ?? [], similarity: similarity, top: golden.top)
        #expect(choices.map(\.candidate) == expected.order, "\(dpp)")
        var whole = DeterminantalSelection(
          FactoredKernel(similarity, jitter: 1e-3),
          gains: [Double](repeating: 0, count: list.count), weight: 1)
        for candidate in expected.order { whole.take(candidate) }
        #expect(abs(whole.logVolume - expected.logDeterminant) < 1e-3)
      }
    }
  }

  @Test func calibration() throws {
    for golden in try DiversityGolden.load() {
      let (list, _) = try golden.list.made()
      let calibration = SlateCalibration(list, shares: try CategoryShares(golden.list.shares))
      for expected in golden.calibrated {
        var selection = CalibratedSelection(
          try CalibratedSlate(
            tradeOff: expected.tradeOff, discountsRanks: expected.discounts),
          relevance: list.scores ?? [], calibration: calibration)
        let order = selection.choices(top: golden.top, of: list.count).map(\.candidate)
        #expect(order == expected.order, "trade-off \(expected.tradeOff)")
        #expect(abs(selection.divergence - expected.divergence) < 1e-9)
      }
    }
  }
}
