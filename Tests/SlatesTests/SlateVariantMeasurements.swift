import RankingData
import Slates
import Testing

/// Numbers for the documentation, not checks: one request of the other slate models and decodings, of
/// the usual size, from a list to the ten places of its slate.
@Suite(
  .serialized, .enabled(if: SlateMeasuring.folder != nil, "set VITRINE_MEASURE to a folder"))
struct SlateVariantMeasurements {
  private let columns = (0..<8).map { CandidateFeature(name: "f\($0)") }
  private var fixtures = SlateFixtures(seed: 1)

  @Test mutating func seq2slate() throws {
    let visuals = fixtures.table(count: 1000, width: 64)
    var configuration = Seq2SlateConfiguration(
      features: columns, categories: SlateFixtures.categories, visualInputs: visuals.width)
    let model = try Seq2Slate(configuration, seed: 1)
    configuration.novelty = true
    let seeing = Seq2SlateDecoder(try Seq2Slate(configuration, seed: 1))
    for count in [10, 50, 200, 500] {
      let list = list(count, visuals)
      try measure("greedy \(count)", Seq2SlateDecoder(model), list)
      try measure("novelty \(count)", seeing, list)
      for decoding in [
        Decoding.oneStep, .beam(width: 4), .beam(width: 16), .sampling(samples: 8),
      ] {
        try measure(
          "\(decoding) \(count)", try Seq2SlateDecoder(model, decoding: decoding), list)
      }
    }
  }

  @Test mutating func transformer() throws {
    let visuals = fixtures.table(count: 1000, width: 64)
    var configuration = PRMConfiguration()
    configuration.features = columns
    configuration.categories = SlateFixtures.categories
    configuration.visualInputs = visuals.width
    let decoder = PRMDecoder(try PRM(configuration, seed: 1))
    for count in [10, 50, 200, 500] { try measure("prm \(count)", decoder, list(count, visuals)) }
  }

  private mutating func list(_ count: Int, _ visuals: VisualTable) -> SlateList {
    fixtures.list(count: count, visuals: visuals, features: columns.count)
  }

  private func measure(_ name: String, _ decoder: any SlateDecoder, _ list: SlateList) throws {
    try SlateMeasuring.latency(name) { _ = try decoder.decode(list, top: 10) }
  }
}
