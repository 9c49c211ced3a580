import Foundation
import NeuralNetworks
import Slates
import Tensors
import Testing

@Suite struct ListRedundancyTests {
  private func list(
    _ points: [Float], categories: [String?] = []
  ) throws -> SlateList {
    try SlateList(
      id: "q", ids: points.indices.map { "d\($0)" }, categories: categories, features: points,
      featureWidth: 1, clicks: points.indices.map { $0 == 1 })
  }

  /// By hand: distances 1 (0-1), 9 (0-2), 8 (1-2), 10 (0-3), 9 (1-3), 1 (2-3), of which the median is
  /// 8.5, in whatever unit.
  @Test func numbersByHand() throws {
    let numbers = ListRedundancy.numbers(
      of: try list([0, 1, 9, 10], categories: ["a", nil, "a", "a"]))
    let expected: [[Double]] = [
      [0, 0, 0, 0, 0, 0, 0],
      [exp(-1 / 8.5), 1, 1, 0, 1, 0, 0],
      [exp(-8 / 8.5), 0.5, 0.5 / 1.5, 0.5, 0, 1, 0],
      [exp(-1 / 8.5), 1 / 3.0, (1 / 3.0) / (1 + 0.5 + 1 / 3.0), 2 / 3.0, 0, 0, 1],
    ]
    for (found, wanted) in zip(numbers, expected.joined()) {
      #expect(abs(Double(found) - wanted) < 1e-5)
    }
  }

  @Test func degenerateLists() throws {
    #expect(ListRedundancy.numbers(of: try list([])).isEmpty)
    #expect(ListRedundancy.numbers(of: try list([5])) == [0, 0, 0, 0, 0, 0, 0])
    // Alike in everything: as near as can be.
    #expect(ListRedundancy.numbers(of: try list([5, 5])).suffix(7) == [1, 1, 1, 0, 1, 0, 0])
    let bare = try SlateList(id: "q", ids: ["a", "b"])
    #expect(ListRedundancy.numbers(of: bare).allSatisfy { $0 == 0 })
  }

  /// The serving form reads the same numbers as the training form.
  @Test func bothFormsAgree() throws {
    let configuration = Seq2SlateConfiguration(
      features: [CandidateFeature(name: "x", mean: 3, deviation: 4)], width: 6, cells: 7,
      redundancy: true)
    var random = RandomStream(seed: 2)
    let model = try Seq2Slate(configuration, seed: 3)
    for entry in ParameterList(model).entries {
      entry.parameter.value = Tensor(
        normal: 0.5, shape: entry.parameter.value.shape, random: &random)
    }
    let list = try list([0, 1, 9, 10, 4, 4, 2.5])
    #expect(
      try Seq2SlateDecoder(model, decoding: .greedy).decode(list, top: 7)
        == model.greedyOrder(list))
  }
}
