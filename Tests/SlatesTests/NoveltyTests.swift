import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import TestSupport
import Testing

@Suite struct NoveltyTests {
  /// Two lists with all spaces, with missing parts.
  private func lists(_ fixtures: inout SlateFixtures, _ counts: [Int]) -> (VisualTable, [SlateList])
  {
    let visuals = fixtures.table()
    return (
      visuals,
      counts.map {
        fixtures.list(count: $0, visuals: visuals, clicked: 0.5, features: Self.features.count)
      }
    )
  }

  static let features = [
    CandidateFeature(name: "price", mean: 0.2, deviation: 1.5),
    CandidateFeature(name: "constant", mean: 3, deviation: 0),
    CandidateFeature(name: "age", mean: 0, deviation: 0.7),
  ]

  private func model(
    _ fixtures: inout SlateFixtures, _ visuals: VisualTable, novelty: Bool = true
  ) -> Seq2Slate {
    fixtures.model(visuals: visuals, features: Self.features, novelty: novelty)
  }

  @Test func servingFormEqualsTrainingForm() throws {
    var fixtures = SlateFixtures(seed: 81)
    let (visuals, lists) = lists(&fixtures, [2, 3, 9, 30, 50])
    let model = model(&fixtures, visuals)
    let decoder = Seq2SlateDecoder(model)
    for list in lists {
      let order = try decoder.decode(list)
      #expect(order == model.greedyOrder(list))
      let shuffled = order.shuffled(using: &fixtures.random)
      let expected = zip(model.probabilities(list, order: shuffled), shuffled).reduce(0.0) {
        $0 + log(Double($1.0[$1.1]))
      }
      let found = try decoder.logProbability(of: shuffled, list)
      #expect(abs(found - expected) < 1e-4 * max(1, abs(expected)))
    }
  }

  /// It has a say, but not before something was chosen.
  @Test func theFirstStepHasNoNovelty() throws {
    var fixtures = SlateFixtures(seed: 82)
    let (visuals, lists) = lists(&fixtures, [12])
    let model = model(&fixtures, visuals)
    let list = lists[0]
    let before = model.probabilities(list, order: [4, 0, 7])
    let oneStep = try Seq2SlateDecoder(model, decoding: .oneStep).decode(list)
    for entry in ParameterList(model).entries where entry.name == "novelty.vector" {
      entry.parameter.value = entry.parameter.value * 3
    }
    let after = model.probabilities(list, order: [4, 0, 7])
    #expect(before[0] == after[0])
    #expect(before[1] != after[1] && before[2] != after[2])
    #expect(try Seq2SlateDecoder(model, decoding: .oneStep).decode(list) == oneStep)
  }

  @Test func withoutItTheModelIsTheSame() throws {
    var configuration = Seq2SlateConfiguration(categories: SlateFixtures.categories)
    let plain = ParameterList(try Seq2Slate(configuration, seed: 5)).entries
    configuration.novelty = true
    let more = ParameterList(try Seq2Slate(configuration, seed: 5)).entries
    #expect(
      more.dropFirst(plain.count).map(\.name)
        == ["novelty.hidden.weight", "novelty.hidden.bias", "novelty.vector"])
    for (a, b) in zip(plain, more) {
      #expect(a.name == b.name && a.parameter.value.scalars == b.parameter.value.scalars)
    }
    let old = #"{"categories": ["a"], "width": 4}"#
    let read = try JSONDecoder().decode(Seq2SlateConfiguration.self, from: Data(old.utf8))
    #expect(!read.novelty)
    // Without a space to compare in, it adds nothing.
    configuration.categories = []
    #expect(try ParameterList(Seq2Slate(configuration, seed: 5)).entries.count == plain.count - 1)
  }

  /// What `approach` finds, against the definitions spelt out.
  @Test func similaritiesAreThoseOfTheDefinition() throws {
    var fixtures = SlateFixtures(seed: 83)
    let (visuals, lists) = lists(&fixtures, [14])
    let list = lists[0]
    let model = model(&fixtures, visuals)
    let spaces = try #require(try SlateBatch([list], model.features).spaces.first)
    let n = list.count
    let present = (0..<n).filter { list.visualRows[$0] >= 0 }
    let vectors = (0..<n).map { i in
      list.visualRows[i] < 0 ? [] : visuals.vector(list.visualRows[i]).map { Double($0) }
    }
    let mean = (0..<visuals.width).map { k in
      present.reduce(0) { $0 + vectors[$1][k] } / Double(present.count)
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func cosine(_ a: Int, _ b: Int) -> Double {
      if vectors[a].isEmpty || vectors[b].isEmpty { return 0 }
      let (x, y) = (zip(vectors[a], mean).map(-), zip(vectors[b], mean).map(-))
      return dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
    }
    let points = (0..<n).map { i in
      Self.features.enumerated().map { k, feature -> Double in
        let value = list.features[i * 3 + k]
        return value.isNaN || feature.deviation == 0
          ? 0 : Double((value - feature.mean) / feature.deviation)
      }
    }
    func distance(_ a: Int, _ b: Int) -> Double {
      zip(points[a], points[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    var squares = 0.0
    for a in 0..<n { for b in 0..<a { squares += distance(a, b) * distance(a, b) } }
    let scale = (squares / Double(n * (n - 1) / 2)).squareRoot()
    var nearest = [Scalar](repeating: -1, count: 3 * n)
    let chosen = [3, 11, 0]
    for candidate in chosen { spaces.approach(candidate, &nearest, at: 0) }
    for i in 0..<n {
      let image = chosen.map { cosine(i, $0) }.max() ?? 0
      let category = chosen.contains {
        list.category($0) != nil && list.category($0) == list.category(i)
      }
      let near = chosen.map { exp(-distance(i, $0) / scale) }.max() ?? 0
      #expect(abs(Double(nearest[i]) - image) < 1e-5)
      #expect(nearest[n + i] == (category ? 1 : 0))
      #expect(abs(Double(nearest[2 * n + i]) - near) < 1e-5)
    }
  }

  @Test func degenerateListsAreHarmless() throws {
    var fixtures = SlateFixtures(seed: 84)
    let visuals = fixtures.table()
    let decoder = Seq2SlateDecoder(model(&fixtures, visuals))
    // All alike, one image alone, no image, no category, nothing known.
    for rows: [Int32] in [[5, 5, 5, 5], [-1, 5, -1, -1], [-1, -1, -1, -1]] {
      for value in [Float(1), .nan] {
        let list = try SlateList(
          id: "r", ids: ["a", "b", "c", "d"], categories: [nil, "Drama", "Drama", nil],
          visuals: visuals, visualRows: rows, features: [Float](repeating: value, count: 12),
          featureWidth: 3)
        #expect(try decoder.decode(list).sorted() == [0, 1, 2, 3])
      }
    }
  }

  @Test func paddingAndBatchMatesChangeNothing() throws {
    var fixtures = SlateFixtures(seed: 85)
    let (visuals, lists) = lists(&fixtures, [5, 1, 9, 4])
    let model = model(&fixtures, visuals)
    let clicked = lists.filter { $0.clicks?.contains(true) ?? false }
    func loss(_ lists: [SlateList], steps: Int? = nil) throws -> Double {
      let batch = try SlateBatch(lists, model.features, steps: steps)
      return Double(Seq2SlateLoss(steps: 9)(model, batch, .teacher, .inference()).item())
    }
    let together = try loss(clicked)
    #expect(abs(try loss(clicked, steps: 20) - together) < 1e-5)
    let alone = try clicked.map { try loss([$0]) }.reduce(0, +) / Double(clicked.count)
    #expect(abs(alone - together) < 1e-5)
  }

  @Test(.enabled(if: isDoublePrecision, "needs the double-precision build"))
  func noveltyGradientsAgreeWithCentralDifferences() throws {
    var fixtures = SlateFixtures(seed: 86)
    let (visuals, lists) = lists(&fixtures, [5, 2, 7])
    let model = model(&fixtures, visuals)
    let batch = try SlateBatch(lists, model.features)
    let orders = lists.map { Array((0..<$0.count).reversed()) }
    let mismatch = checkGradients(of: model, samples: 300) { pass in
      Seq2SlateLoss(steps: 7)(model, batch, .fixed(orders), pass)
    }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
  }

  /// Users click each category once: after a click on one, its others are worth nothing. Few lists are
  /// enough to see it.
  @Test func repetitionIsLearntFromFewLists() throws {
    var random = RandomStream(seed: 87)
    func list(_ number: Int) throws -> SlateList {
      let categories = (0..<12).map { _ in
        SlateFixtures.categories[random.next(below: SlateFixtures.categories.count)]
      }
      var seen: Set<String> = []
      return try SlateList(
        id: "\(number)", ids: (0..<12).map { "i\($0)" }, scores: (0..<12).map { -Double($0) },
        categories: categories, clicks: categories.map { seen.insert($0).inserted })
    }
    let training = try (0..<60).map(list)
    let (validation, test) = (try (60..<90).map(list), try (90..<190).map(list))
    var plan = Seq2SlateTraining()
    plan.epochs = 15
    plan.patience = 15
    plan.batchSize = 10
    plan.learningRate = 1e-2
    func ndcg(novelty: Bool) throws -> Double {
      var configuration = Seq2SlateConfiguration(
        categories: SlateFixtures.categories, width: 8, cells: 8)
      configuration.novelty = novelty
      let model = try plan.train(configuration, on: training, validation: validation).model
      let decoder = Seq2SlateDecoder(model)
      return try test.reduce(0) {
        $0 + clickNDCG($1, order: try decoder.decode($1, top: 10), at: 10) / Double(test.count)
      }
    }
    let (plain, seeing) = (try ndcg(novelty: false), try ndcg(novelty: true))
    #expect(seeing > 0.97 && seeing > plain, "\(plain) without, \(seeing) with")
  }
}
