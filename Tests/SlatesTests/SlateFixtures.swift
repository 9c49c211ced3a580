import NeuralNetworks
import RankingData
import Slates
import Tensors

/// Random lists and models for the tests of this room.
struct SlateFixtures {
  var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed) }

  static let categories = ["Action", "Comedy", "Drama", "Horror"]

  /// A table of `count` vectors named `v0`, `v1`, ….
  mutating func table(count: Int = 40, width: Int = 6, names: String = "v") -> VisualTable {
    VisualTable(
      ids: (0..<count).map { "\(names)\($0)" }, width: width,
      vectors: (0..<count * width).map { _ in Float(random.nextNormal()) })
  }

  mutating func list(
    count: Int, visuals: VisualTable = .empty, embeddings: VisualTable = .empty,
    clicked: Double = 0.3, id: String = "list", features width: Int = 0
  ) -> SlateList {
    let scores = (0..<count).map { _ in Double(random.nextNormal()) }
    let categories = (0..<count).map { _ in
      let pick = random.next(below: Self.categories.count + 2)
      return pick < Self.categories.count ? Self.categories[pick] : (pick == 4 ? "Unheard" : nil)
    }
    let rows = (0..<count).map { _ in Int32(random.next(below: visuals.count + 1)) - 1 }
    let clicks = (0..<count).map { _ in Double(random.nextUniform()) < clicked }
    let features = (0..<count * width).map { _ in
      random.next(below: 8) == 0 ? Float.nan : Float(random.nextNormal())
    }
    return made {
      try SlateList(
        id: id, ids: (0..<count).map { "i\($0)" }, scores: scores, categories: categories,
        visuals: visuals, visualRows: rows, embeddings: embeddings, features: features,
        featureWidth: width, clicks: clicks)
    }
  }

  /// A model whose weights are large enough for its choices to differ.
  mutating func model(
    visuals: VisualTable = .empty, categories: [String] = Self.categories, width: Int = 8,
    cells: Int = 10, spread: Scalar = 0.5, features: [CandidateFeature] = [],
    novelty: Bool = false
  ) -> Seq2Slate {
    let configuration = Seq2SlateConfiguration(
      features: features, categories: categories, categoryWidth: 3, visualInputs: visuals.width,
      visualWidth: 5,
      width: width, cells: cells, novelty: novelty)
    let model = made { try Seq2Slate(configuration, seed: random.next()) }
    for entry in ParameterList(model).entries {
      entry.parameter.value = Tensor(
        normal: spread, shape: entry.parameter.value.shape, random: &random)
    }
    return model
  }
}

/// Fixtures are valid by construction; a failure to make one is a failure of the test run.
func made<Value>(_ body: () throws -> Value) -> Value {
  do { return try body() } catch { preconditionFailure("fixture: \(error)") }
}

extension Seq2Slate {
  /// Probabilities of every decoding step of one list that chooses in the given order.
  func probabilities(_ list: SlateList, order: [Int], padded: Int? = nil) -> [[Scalar]] {
    let batch = made { try SlateBatch([list], features, steps: padded) }
    let pass = Pass.inference()
    var rows: [[Scalar]] = []
    decode(encode(batch, pass), batch, steps: order.count, pass) { step in
      rows.append(softmax(step.scores, mask: step.mask).scalars)
      return [order[step.number]]
    }
    return rows
  }

  /// Greedy decoding through the training form, as a witness for the serving form.
  func greedyOrder(_ list: SlateList, top: Int = .max) -> [Int] {
    let batch = made { try SlateBatch([list], features) }
    let pass = Pass.inference()
    var random = RandomStream(seed: 0)
    var order: [Int] = []
    decode(encode(batch, pass), batch, steps: min(top, list.count), pass) { step in
      let picks = DecoderPrefix.greedy.picks(step, batch, random: &random)
      order.append(picks[0])
      return picks
    }
    return order
  }
}

/// All orders of `0 ..< count`.
func permutations(_ count: Int) -> [[Int]] {
  if count == 0 { return [[]] }
  return permutations(count - 1).flatMap { shorter in
    (0...shorter.count).map { place in
      var longer = shorter
      longer.insert(count - 1, at: place)
      return longer
    }
  }
}
