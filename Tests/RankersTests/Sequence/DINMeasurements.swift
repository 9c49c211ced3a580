import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

private let measuringFolder = ProcessInfo.processInfo.environment["VITRINE_MEASURE"]

/// A number for the documentation, not a check: one request of 200 candidates with a history of 50, ids
/// to scores on one core, vectors of 64 numbers. `tools/benchmarks/din` runs it beside PyTorch.
///
/// Weights, ids and scores stay in the folder for the peer.
@Suite(.serialized, .enabled(if: measuringFolder != nil, "set VITRINE_MEASURE to a folder"))
struct DINMeasurements {
  private static let (candidates, events, items, categories) = (200, 50, 20_000, 500)

  private let layout = FeatureLayout(
    categorical: [.init(name: "item", rows: items), .init(name: "category", rows: categories)],
    bags: [
      .init(name: "history", rows: items), .init(name: "history.category", rows: categories),
    ],
    historyBag: 0, itemField: 0, historyAttributes: [.init(bag: 1, field: 1)])

  @Test(arguments: AttentionNormalization.allCases)
  func oneRequest(normalize: AttentionNormalization) throws {
    var configuration = DIN.Configuration()
    configuration.width = 32
    configuration.embeddingScale = 0.5
    configuration.normalize = normalize
    let ranker = try DIN(configuration: configuration, input: RankerInput(layout: layout), seed: 1)
    var random = RandomStream(seed: 5)
    // Fresh biases, slopes and statistics say nothing of whether the peer reads them right.
    for parameter in parameters(of: ranker) where parameter.value.shape.rank == 1 {
      let noise = Tensor(normal: 0.3, shape: parameter.value.shape, random: &random)
      parameter.value = parameter.value + noise.square()
    }
    func ids(_ count: Int, below bound: Int) -> [Int32] {
      (0..<count).map { _ in Int32(1 + random.next(below: bound - 1)) }
    }
    let columns = [
      ids(Self.candidates, below: Self.items), ids(Self.candidates, below: Self.categories),
    ]
    let lists = [ids(Self.events, below: Self.items), ids(Self.events, below: Self.categories)]
    let batch = RankingBatch(
      count: Self.candidates, categorical: columns,
      bags: lists.map { Bag([[Int32]](repeating: $0, count: Self.candidates)) })
    let prepared = ranker.prepared()
    let scores = prepared.scores(of: batch)
    let name = "\(measuringFolder ?? "")/din-\(normalize.rawValue)"
    try ParameterList(ranker).save(to: "\(name).safetensors")
    try write((columns + lists).flatMap { $0 }, to: "\(name).ids")
    try write(scores, to: "\(name).scores")

    var times: [Double] = []
    for _ in 0..<1000 {
      let start = ContinuousClock.now
      _ = prepared.scores(of: batch)
      times.append(start.duration(to: .now) / .milliseconds(1))
    }
    times.sort()
    print("measured: \(normalize.rawValue) \(times[500]) \(times[990])")
  }

  private func write<Number>(_ numbers: some Sequence<Number>, to path: String) throws {
    try Array(numbers).withUnsafeBytes { try Data($0).write(to: URL(filePath: path)) }
  }
}
