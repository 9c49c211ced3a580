import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors

/// What `tools/reference/slates.py` computed in PyTorch at double precision.
struct Seq2SlateGolden: Decodable {
  struct Configuration: Decodable {
    let categories, categoryWidth, visual, visualWidth, width, cells: Int
  }
  struct Values: Decodable {
    let shape: [Int]
    let values: [Double]
  }
  struct List: Decodable {
    let scores: [Double]
    let categories: [Int]
    let visuals: [[Double]?]
    let clicks: [Int]
  }
  struct Case: Decodable {
    let steps: Int
    let orders: [[Int]]
    let loss: Double
    let logProbabilities: [[[Double?]]]
    let gradients: [String: Values]
  }
  struct Expectation: Decodable {
    let steps: Int
    let reward: Double
    let gradients: [String: Values]
  }
  struct Training: Decodable {
    let learningRate: Double
    let clip: Double
    let losses: [Double]
  }

  let configuration: Configuration
  let parameters: [String: Values]
  let lists: [List]
  let inputs: [Values]
  let encodings: [Values]
  let teacher, shuffled, short: Case
  let hinge, hingeShuffled, weighted, hingeWeighted: Case
  let expectedNdcg, expectedMap: Expectation
  let greedy: [[Int]]
  let training: Training

  var cases: [String: Case] {
    [
      "teacher": teacher, "shuffled": shuffled, "short": short, "hinge": hinge,
      "hinge, shuffled": hingeShuffled, "weighted": weighted, "hinge, weighted": hingeWeighted,
    ]
  }

  static func load() throws -> Seq2SlateGolden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Golden/seq2slate.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Seq2SlateGolden.self, from: data)
  }

  /// A model with the reference's parameters; every name must be known to both.
  func model() throws -> Seq2Slate {
    let model = try Seq2Slate(
      Seq2SlateConfiguration(
        categories: (1...configuration.categories).map { "c\($0)" },
        categoryWidth: configuration.categoryWidth, visualInputs: configuration.visual,
        visualWidth: configuration.visualWidth, width: configuration.width,
        cells: configuration.cells))
    let entries = ParameterList(model).entries
    precondition(Set(entries.map(\.name)) == Set(parameters.keys), "\(entries.map(\.name))")
    for entry in entries {
      if let golden = parameters[entry.name] {
        entry.parameter.value = Tensor(
          golden.values.map { Scalar($0) }, shape: Shape(golden.shape))
      }
    }
    return model
  }

  /// The reference's lists.
  func slateLists() throws -> [SlateList] {
    try lists.enumerated().map { number, list in
      let seen = list.visuals.indices.filter { list.visuals[$0] != nil }
      let table = VisualTable(
        ids: seen.map { "i\($0)" }, width: configuration.visual,
        vectors: seen.flatMap { list.visuals[$0] ?? [] }.map { Float($0) })
      return try SlateList(
        id: "golden \(number)", ids: list.scores.indices.map { "i\($0)" }, scores: list.scores,
        categories: list.categories.map { $0 == 0 ? nil : "c\($0)" }, visuals: table,
        clicks: list.clicks.map { $0 == 1 })
    }
  }
}

/// The largest difference between two rows of numbers; infinite when they differ in length.
func largestDifference(_ found: [Scalar], _ golden: [Double]) -> Double {
  guard found.count == golden.count else { return .infinity }
  return zip(found, golden).map { abs(Double($0) - $1) }.max() ?? 0
}
