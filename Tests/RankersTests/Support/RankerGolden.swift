import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// One model as `tools/reference/rankers.py` or `multitask.py` computed it in float64.
struct RankerGolden: Decodable {
  struct Layout: Decodable {
    struct Visual: Decodable {
      let width: Int
      let history: Bool
    }
    let categorical: [Int]
    let bags: [Int]
    let historyBag: Int?
    let itemField: Int?
    let numericWidth: Int
    let visual: Visual?
    let agedBags: [Int]?
    let historyAttributes: [FeatureLayout.HistoryAttribute]?
    let tasks: [String]?
  }
  struct Table: Decodable {
    let width: Int
    let vectors: [Float]
  }
  struct Lists: Decodable {
    let values: [Int32]
    let offsets: [Int32]
    var bag: Bag { Bag(values: values, offsets: offsets) }
  }
  struct Batch: Decodable {
    let count: Int
    let categorical: [[Int32]]
    let bags: [Lists]
    let bagAges: [[Float]]?
    let numeric: [Float]
    let visualRows: [Int32]
    let visualHistory: Lists
    let labels: [Float]
    let taskLabels: [[Float?]]?
  }
  struct Values: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  let kind: String
  let layout: Layout
  let table: Table?
  let batch: Batch
  let parameters: [String: Values]
  let logits: [Double]
  let loss: Double
  let gradients: [String: [Double]]
  let learningRate: Double
  let curve: [Double]
  let optimum: Double?
  let specification: RankerSpecification

  enum CodingKeys: CodingKey {
    case kind, layout, table, batch, parameters, logits, loss, gradients, learningRate, curve
    case optimum, configuration
  }

  static let names = [
    "logistic-plain", "logistic-full", "deepfm-plain", "deepfm-full", "mlp-plain", "mlp-full",
    "wide_and_deep-full", "youtube_dnn-full", "dssm-full",
    "din-plain", "din-full",
    "shared_bottom-full", "soft_sharing-full", "cross_stitch-full", "cross_stitch-plain",
    "esmm-full",
    "omoe-plain", "mmoe-full",
    "rnn-lstm-last", "rnn-lstm-mean", "rnn-gru-max", "rnn-gru-attention", "sli_rec-plain",
    "sli_rec-full",
  ]

  static func load(_ name: String) throws -> RankerGolden {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Golden/\(name).json")
    return try JSONDecoder().decode(RankerGolden.self, from: Data(contentsOf: file))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(String.self, forKey: .kind)
    layout = try container.decode(Layout.self, forKey: .layout)
    table = try container.decodeIfPresent(Table.self, forKey: .table)
    batch = try container.decode(Batch.self, forKey: .batch)
    parameters = try container.decode([String: Values].self, forKey: .parameters)
    logits = try container.decode([Double].self, forKey: .logits)
    loss = try container.decode(Double.self, forKey: .loss)
    gradients = try container.decode([String: [Double]].self, forKey: .gradients)
    learningRate = try container.decode(Double.self, forKey: .learningRate)
    curve = try container.decode([Double].self, forKey: .curve)
    optimum = try container.decodeIfPresent(Double.self, forKey: .optimum)
    // The fixture keeps kind and configuration apart; a bundle writes them as one object.
    var object = try container.decode([String: Setting].self, forKey: .configuration)
    object["kind"] = .text(kind)
    specification = try JSONDecoder().decode(
      RankerSpecification.self, from: JSONEncoder().encode(object))
  }

  private enum Setting: Codable {
    case number(Double), numbers([Double]), text(String), texts([String]), flag(Bool)
    case weights([String: Double])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let texts = try? container.decode([String].self) {
        self = .texts(texts)
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let weights = try? container.decode([String: Double].self) {
        self = .weights(weights)
      } else {
        self = .numbers(try container.decode([Double].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .numbers(let numbers): try container.encode(numbers)
      case .text(let text): try container.encode(text)
      case .texts(let texts): try container.encode(texts)
      case .flag(let flag): try container.encode(flag)
      case .weights(let weights): try container.encode(weights)
      }
    }
  }
}

extension RankerGolden {
  var input: RankerInput {
    let layout = FeatureLayout(
      categorical: layout.categorical.enumerated().map { .init(name: "field\($0)", rows: $1) },
      bags: layout.bags.enumerated().map { .init(name: "bag\($0)", rows: $1) },
      agedBags: layout.agedBags ?? [], historyBag: layout.historyBag, itemField: layout.itemField,
      historyAttributes: layout.historyAttributes ?? [],
      numeric: (0..<layout.numericWidth).map { "number\($0)" },
      visual: layout.visual != nil, visualHistory: layout.visual?.history ?? false,
      tasks: layout.tasks ?? [])
    return RankerInput(
      layout: layout,
      visual: self.layout.visual.map { .init(width: $0.width, version: "reference") })
  }

  var visualTable: VisualTable {
    guard let table else { return .empty }
    let ids = (0..<table.vectors.count / table.width).map { "item\($0)" }
    return VisualTable(ids: ids, width: table.width, vectors: table.vectors)
  }

  var rankingBatch: RankingBatch {
    var ranking = RankingBatch(
      count: batch.count, categorical: batch.categorical, bags: batch.bags.map(\.bag),
      bagAges: batch.bagAges, numeric: batch.numeric, numericWidth: layout.numericWidth,
      visualRows: batch.visualRows,
      visualHistory: batch.visualHistory.bag, labels: batch.labels)
    ranking.taskLabels = (batch.taskLabels ?? []).map { labels in labels.map { $0 ?? .nan } }
    return ranking
  }

  /// The ranker with the reference's parameters and visual table.
  func makeRanker() throws -> any NeuralRanker {
    var ranker = try neuralRanker(specification, input: input)
    try ranker.attach(visualTable, version: "reference")
    for entry in ParameterList(ranker).entries {
      let values = try #require(parameters[entry.name], "the reference lacks \(entry.name)")
      #expect(entry.parameter.value.shape == Shape(values.shape), "\(entry.name)")
      entry.parameter.value = Tensor(values.values.map { Scalar($0) }, shape: Shape(values.shape))
    }
    #expect(ParameterList(ranker).entries.count == parameters.count)
    return ranker
  }
}
