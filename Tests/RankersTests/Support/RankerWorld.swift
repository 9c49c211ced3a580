import Rankers
import RankingData
import Tensors
import Testing

/// Random batches over one layout that has everything a ranker may read.
struct RankerWorld {
  static let version = "encoder-1"

  var layout = FeatureLayout(
    categorical: [
      .init(name: "item", rows: 41), .init(name: "user", rows: 9), .init(name: "device", rows: 4),
      .init(name: "category", rows: 7),
    ],
    bags: [
      .init(name: "history", rows: 41), .init(name: "tags", rows: 6),
      .init(name: "history.category", rows: 7),
    ],
    agedBags: [0], historyBag: 0, itemField: 0, historyAttributes: [.init(bag: 2, field: 3)],
    numeric: ["price", "age"], visual: true, visualHistory: true, label: "click",
    tasks: ["purchase"])
  let table: VisualTable
  var random: RandomStream

  init(seed: UInt64 = 3) {
    random = RandomStream(seed: seed)
    var vectors: [Float] = []
    for _ in 0..<12 * 10 { vectors.append(Float(1 + random.nextNormal() / 4)) }
    table = VisualTable(ids: (0..<12).map { "i\($0)" }, width: 10, vectors: vectors)
  }

  var input: RankerInput {
    RankerInput(
      layout: layout, visual: layout.visual ? .init(width: 10, version: Self.version) : nil)
  }

  /// With parameters that are all different from 0.
  func makeRanker(_ specification: RankerSpecification, seed: UInt64 = 1) throws -> any NeuralRanker
  {
    var ranker = try neuralRanker(specification, input: input, seed: seed)
    try ranker.attach(table, version: Self.version)
    // Fresh first-order weights are 0, which would hide mistakes.
    var random = RandomStream(seed: seed, stream: 9)
    for parameter in parameters(of: ranker) where parameter.value.scalars.allSatisfy({ $0 == 0 }) {
      parameter.value = Tensor(normal: 0.1, shape: parameter.value.shape, random: &random)
    }
    return ranker
  }

  /// Rows with distinct items, lists of 0 to 4 ids, some missing images, alternating labels.
  mutating func batch(_ count: Int) -> RankingBatch {
    let columns = layout.categorical.enumerated().map { field, description in
      (0..<count).map { row in
        field == 0
          ? Int32(1 + row % (description.rows - 1)) : Int32(random.next(below: description.rows))
      }
    }
    var bags = layout.bags.map { lists(count, below: $0.rows) }
    for attribute in layout.historyAttributes {
      bags[attribute.bag] = beside(bags[0], below: layout.bags[attribute.bag].rows)
    }
    // Oldest first: from some days down to an hour ago.
    let ages = bags.enumerated().map { index, bag in
      layout.agedBags.contains(index)
        ? (0..<count).flatMap { row in
          (0..<bag[row].count).map { Float(3600 + 90_000 * (bag[row].count - $0)) }
        } : []
    }
    let numeric = (0..<count * layout.numericWidth).map { _ in Float(random.nextNormal()) }
    var batch = RankingBatch(
      count: count, categorical: columns, bags: bags, bagAges: ages, numeric: numeric,
      numericWidth: layout.numericWidth,
      visualRows: layout.visual ? (0..<count).map { _ in Int32(random.next(below: 13)) - 1 } : [],
      visualHistory: layout.visualHistory ? beside(bags[0], below: 13, offset: -1) : Bag(),
      labels: (0..<count).map { Float($0 % 2) })
    // Every other click is a purchase; of some nothing is known.
    batch.taskLabels = layout.tasks.map { _ in
      (0..<count).map { $0 % 8 == 5 ? .nan : $0 % 4 == 3 ? 1 : 0 }
    }
    return batch
  }

  /// Lists as long as others.
  private mutating func beside(_ bag: Bag, below bound: Int, offset: Int32 = 0) -> Bag {
    Bag(
      values: bag.values.map { _ in offset + Int32(random.next(below: bound)) },
      offsets: bag.offsets)
  }

  private mutating func lists(_ count: Int, below bound: Int) -> Bag {
    var bag = Bag()
    for _ in 0..<count {
      bag.append((0..<random.next(below: 5)).map { _ in Int32(random.next(below: bound)) })
    }
    return bag
  }
}

/// A network with fresh parameters.
func neuralRanker(
  _ specification: RankerSpecification, input: RankerInput, seed: UInt64 = 1
) throws -> any NeuralRanker {
  let ranker = try RankerRegistry.make(specification, input: input, seed: seed)
  return try #require(ranker as? any NeuralRanker, "\(ranker.kind) is no network")
}

/// The kinds that learn by gradients.
let neuralKinds = RankerRegistry.kinds.filter { kind in
  (try? RankerSpecification(kind: kind).isNeural) == true
}
