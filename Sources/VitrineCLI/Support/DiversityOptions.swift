import ArgumentParser
import Vitrine

/// How a slate is kept from being all alike.
struct DiversityOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case none, mmr, dpp, calibrated
  }

  @Option(
    help: """
      mmr and dpp keep look-alikes apart; calibrated shows categories in the shares of the user's \
      history.
      """)
  var diversity = Kind.none

  @Option(help: "Relevance against diversity: 1 keeps the order, 0 looks only at diversity.")
  var tradeOff = 0.7

  @Option(help: "With dpp: how many items, each with those before it, must differ; all by default.")
  var window: Int?

  @Option(help: "Share of images in the similarity of two items.")
  var visualWeight = 0.5

  @Option(help: "Share of categories in the similarity of two items.")
  var categoryWeight = 0.5

  @Option(help: "Share of --embeddings in the similarity of two items; 0.5 where those are given.")
  var embeddingWeight: Double?

  @Option(help: "A folder with other vectors of items: features.npy and ids.txt.")
  var embeddings: String?

  func validate() throws {
    if !(0...1).contains(tradeOff) {
      throw ValidationError("--trade-off \(tradeOff) must lie from 0 to 1")
    }
    if let window, diversity != .dpp || window < 1 {
      throw ValidationError("--window \(window) needs --diversity dpp and must be at least 1")
    }
  }

  func diversifier() throws -> Diversifier { try diversifier(diversity, tradeOff: tradeOff) }

  /// Another kind or trade-off.
  func diversifier(_ kind: Kind, tradeOff: Double) throws -> Diversifier {
    switch kind {
    case .none: .none
    case .mmr: .mmr(try MMR(tradeOff: tradeOff))
    case .dpp: .dpp(try DPP(tradeOff: tradeOff, window: window))
    case .calibrated: .calibrated(try CalibratedSlate(tradeOff: tradeOff))
    }
  }

  func similarity() throws -> SimilarityWeights {
    try SimilarityWeights(
      visual: visualWeight, category: categoryWeight,
      embedding: embeddingWeight ?? (embeddings == nil ? 0 : 0.5))
  }
}
