import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

/// Numbers for the documentation, not checks: one request of a Seq2Slate model of the usual size, from
/// a list to its slate. `tools/benchmarks/slates` runs it beside PyTorch.
///
/// Weights, lists and slates stay in the folder for the peer.
@Suite(
  .serialized, .enabled(if: SlateMeasuring.folder != nil, "set VITRINE_MEASURE to a folder"))
struct DecodingMeasurements {
  private struct Case: Encodable {
    let scores: [Double]
    let categories: [Int]
    let visuals: [[Float]?]
    let order: [Int]
  }

  private static let sizes = [10, 50, 200, 500]

  private let model: Seq2Slate
  private let lists: [SlateList]

  init() throws {
    var fixtures = SlateFixtures(seed: 1)
    let visuals = fixtures.table(count: 1000, width: 64)
    model = try Seq2Slate(
      Seq2SlateConfiguration(categories: SlateFixtures.categories, visualInputs: 64))
    for entry in ParameterList(model).entries {
      entry.parameter.value = Tensor(
        normal: 0.1, shape: entry.parameter.value.shape, random: &fixtures.random)
    }
    lists = Self.sizes.map { fixtures.list(count: $0, visuals: visuals) }
  }

  @Test func latency() throws {
    try ParameterList(model).save(
      to: "\(SlateMeasuring.folder ?? "")/seq2slate.safetensors")
    let decoder = Seq2SlateDecoder(model)
    for list in lists {
      let top = min(10, list.count)
      let slate = Case(
        scores: list.scores ?? [],
        categories: (0..<list.count).map { candidate in
          list.category(candidate).flatMap(SlateFixtures.categories.firstIndex).map { $0 + 1 } ?? 0
        },
        visuals: list.visualRows.map { $0 < 0 ? nil : Array(list.visuals.vector($0)) },
        order: try decoder.decode(list, top: top))
      try SlateMeasuring.write(slate, to: "list-\(list.count).json")
      try SlateMeasuring.latency("seq2slate \(list.count) \(top)") {
        _ = try decoder.decode(list, top: top)
      }
    }
  }

  @Test func rate() {
    let decoder = Seq2SlateDecoder(model)
    for list in lists {
      let top = min(10, list.count)
      SlateMeasuring.rate("seq2slate \(list.count) \(top)") {
        _ = try decoder.decode(list, top: top)
      }
    }
  }
}
