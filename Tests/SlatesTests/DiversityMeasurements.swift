import Foundation
import RankingData
import Slates
import Tensors
import Testing

/// Numbers for the documentation, not checks: one request over vectors of 64 numbers, from a list to
/// its slate, similarities included. `tools/benchmarks/slates` runs it beside NumPy and plain Python.
///
/// Vectors, scores and slates stay in the folder for the peers.
@Suite(
  .serialized, .enabled(if: SlateMeasuring.folder != nil, "set VITRINE_MEASURE to a folder"))
struct DiversityMeasurements {
  private struct Case: Encodable {
    let vectors: [[Float]]
    let scores: [Double]
    let dpp: [Int]
    let mmr: [Int]
  }

  private static func list(_ count: Int) -> SlateList {
    var fixtures = SlateFixtures(seed: UInt64(count))
    let table = fixtures.table(count: count, width: 64)
    let scores = (0..<count).map { _ in Double(fixtures.random.nextNormal()) }
    return made { try SlateList(id: "\(count)", ids: table.ids, scores: scores, visuals: table) }
  }

  private static let weights = made { try SimilarityWeights(visual: 1, category: 0) }

  @Sendable private static func dpp(_ list: SlateList, _ top: Int) throws -> [Int] {
    let similarity = try SlateSimilarity(list, weights: weights)
    return DPP.standard.select(relevance: list.scores ?? [], similarity: similarity, top: top)
      .map(\.candidate)
  }

  @Sendable private static func mmr(_ list: SlateList, _ top: Int) throws -> [Int] {
    let similarity = try SlateSimilarity(list, weights: weights)
    return MMR.standard.select(relevance: list.scores ?? [], similarity: similarity, top: top)
      .map(\.candidate)
  }

  /// Candidates, and places for the two diversifiers.
  static let sizes = [(10, 5, 5), (50, 25, 10), (200, 50, 10), (500, 50, 10)]

  @Test(arguments: sizes) func latency(count: Int, dpp: Int, mmr: Int) throws {
    let list = Self.list(count)
    let vectors = list.visualRows.map { Array(list.visuals.vector($0)) }
    let slates = Case(
      vectors: vectors, scores: list.scores ?? [], dpp: try Self.dpp(list, dpp),
      mmr: try Self.mmr(list, mmr))
    try SlateMeasuring.write(slates, to: "diversity-\(count).json")
    try SlateMeasuring.latency("dpp \(count) \(dpp)") { _ = try Self.dpp(list, dpp) }
    try SlateMeasuring.latency("mmr \(count) \(mmr)") { _ = try Self.mmr(list, mmr) }
  }

  @Test(arguments: sizes) func rate(count: Int, dpp: Int, mmr: Int) {
    let list = Self.list(count)
    SlateMeasuring.rate("dpp \(count) \(dpp)") { _ = try Self.dpp(list, dpp) }
    SlateMeasuring.rate("mmr \(count) \(mmr)") { _ = try Self.mmr(list, mmr) }
  }
}
