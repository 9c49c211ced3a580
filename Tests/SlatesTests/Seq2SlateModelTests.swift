import NeuralNetworks
import RankingData
import Slates
import Tensors
import TestSupport
import Testing

@Suite struct Seq2SlateModelTests {
  @Test func stepsAreDistributionsOverWhatIsLeft() {
    var fixtures = SlateFixtures(seed: 21)
    let model = fixtures.model()
    let list = fixtures.list(count: 7)
    let order = [3, 0, 6, 1, 5, 2, 4]
    for (number, row) in model.probabilities(list, order: order, padded: 11).enumerated() {
      #expect(abs(row.reduce(0, +) - 1) < 1e-6)
      for i in 0..<11 {
        let isLeft = i < 7 && !order.prefix(number).contains(i)
        #expect(isLeft ? row[i] > 0 : row[i] == 0)
      }
    }
  }

  @Test(arguments: 1...5)
  func probabilitiesOfAllOrdersSumToOne(_ count: Int) {
    var fixtures = SlateFixtures(seed: UInt64(count))
    let model = fixtures.model()
    let list = fixtures.list(count: count)
    let total = permutations(count).reduce(0.0) { sum, order in
      let rows = model.probabilities(list, order: order)
      return sum + zip(rows, order).reduce(1.0) { $0 * Double($1.0[$1.1]) }
    }
    #expect(abs(total - 1) < 1e-5)
  }

  @Test func paddingChangesNothing() throws {
    var fixtures = SlateFixtures(seed: 22)
    let visuals = fixtures.table()
    let model = fixtures.model(visuals: visuals)
    let lists = [5, 1, 9, 0, 4].map { fixtures.list(count: $0, visuals: visuals, clicked: 0.5) }
    func lossAndGradients(_ steps: Int?) throws -> (Scalar, [[Scalar]]) {
      let pass = Pass.training(seed: 1)
      let batch = try SlateBatch(lists, model.features, steps: steps)
      let loss = Seq2SlateLoss(steps: 10)(model, batch, .mixed(share: 1), pass)
      let gradients = pass.gradients(of: loss)
      return (
        loss.item(), ParameterList(model).entries.map { gradients.dense($0.parameter).scalars }
      )
    }
    let (loss, gradients) = try lossAndGradients(nil)
    let (paddedLoss, paddedGradients) = try lossAndGradients(23)
    #expect(abs(loss - paddedLoss) < 1e-6)
    for (a, b) in zip(gradients, paddedGradients) {
      #expect(largestDifference(a, b.map { Double($0) }) < 1e-6)
    }
    let order = [2, 0, 1, 4, 3]
    let plain = model.probabilities(lists[0], order: order)
    let padded = model.probabilities(lists[0], order: order, padded: 40)
    for (a, b) in zip(plain, padded) {
      #expect(largestDifference(a, b.prefix(5).map { Double($0) }) < 1e-6)
      #expect(b.dropFirst(5).allSatisfy { $0 == 0 })
    }
  }

  /// A list's loss does not depend on what else is in the batch.
  @Test func batchMatesChangeNothing() throws {
    var fixtures = SlateFixtures(seed: 23)
    let model = fixtures.model()
    let loss = Seq2SlateLoss(steps: 10)
    var lists = [6, 3, 8].map { fixtures.list(count: $0, clicked: 0.6) }
    lists = lists.filter { $0.clicks?.contains(true) ?? false }
    #expect(lists.count > 1)
    func value(_ lists: [SlateList]) throws -> Double {
      let batch = try SlateBatch(lists, model.features)
      return Double(loss(model, batch, .teacher, .inference()).item())
    }
    let alone = try lists.map { try value([$0]) }
    #expect(abs(try value(lists) - alone.reduce(0, +) / Double(lists.count)) < 1e-5)
    // Neither do lists without clicks.
    let silent = fixtures.list(count: 12, clicked: 0)
    #expect(abs(try value(lists + [silent]) - value(lists)) < 1e-6)
  }

  @Test func noClicksNoLoss() throws {
    var fixtures = SlateFixtures(seed: 24)
    let model = fixtures.model()
    let batch = try SlateBatch(
      [fixtures.list(count: 4, clicked: 0), fixtures.list(count: 6, clicked: 0)], model.features)
    let pass = Pass.training(seed: 1)
    let loss = Seq2SlateLoss(steps: 10)(model, batch, .teacher, pass)
    #expect(loss.item() == 0)
    let gradients = pass.gradients(of: loss)
    for entry in ParameterList(model).entries {
      #expect(gradients.dense(entry.parameter).scalars.allSatisfy { $0 == 0 })
    }
  }

  @Test func singleCandidateIsCertain() throws {
    var fixtures = SlateFixtures(seed: 25)
    let model = fixtures.model()
    let list = try SlateList(id: "r", ids: ["only"], scores: [4], clicks: [true])
    #expect(model.probabilities(list, order: [0]) == [[1]])
    let batch = try SlateBatch([list], model.features)
    #expect(abs(Seq2SlateLoss(steps: 10)(model, batch, .teacher, .inference()).item()) < 1e-6)
    #expect(try Seq2SlateDecoder(model).decode(list) == [0])
    let empty = try SlateBatch([], model.features)
    #expect(Seq2SlateLoss(steps: 10)(model, empty, .teacher, .inference()).item() == 0)
  }

  @Test func foreignListNeedsOnlyIdsAndScores() throws {
    var fixtures = SlateFixtures(seed: 26)
    let visuals = fixtures.table()
    let decoder = Seq2SlateDecoder(fixtures.model(visuals: visuals))
    let foreign = try SlateList(id: "r", ids: ["x", "y", "z"], scores: [0.1, 3, 2])
    #expect(try decoder.decode(foreign).sorted() == [0, 1, 2])
    let bare = try SlateList(id: "r", ids: ["x", "y", "z"])
    #expect(try decoder.decode(bare).sorted() == [0, 1, 2])
  }

  @Test func teacherTakesClicksFirstThenBaseOrder() throws {
    var fixtures = SlateFixtures(seed: 27)
    let model = fixtures.model()
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c", "d"], scores: [4, 3, 2, 1],
      clicks: [false, true, false, true])
    let batch = try SlateBatch([list], model.features)
    let pass = Pass.inference()
    var random = RandomStream(seed: 1)
    var order: [Int] = []
    model.decode(model.encode(batch, pass), batch, steps: 4, pass) { step in
      let picks = DecoderPrefix.teacher.picks(step, batch, random: &random)
      order += picks
      return picks
    }
    #expect(order == [1, 3, 0, 2])
  }

  @Test func configurationIsChecked() {
    func failing(_ change: (inout Seq2SlateConfiguration) -> Void) -> Bool {
      var configuration = Seq2SlateConfiguration()
      change(&configuration)
      do {
        try configuration.validate()
        return false
      } catch { return true }
    }
    #expect(failing { $0.cells = 0 })
    #expect(failing { $0.width = -1 })
    #expect(failing { $0.visualInputs = -5 })
    #expect(failing { $0.visualInputs = 1 << 40 })
    #expect(failing { $0.categories = ["a", "a"] })
    #expect(!failing { $0.categories = ["a", "b"] })
  }

  @Test(.enabled(if: isDoublePrecision, "needs the double-precision build"))
  func gradientsAgreeWithCentralDifferences() throws {
    var fixtures = SlateFixtures(seed: 28)
    let visuals = fixtures.table()
    let model = fixtures.model(visuals: visuals)
    let lists = [5, 2, 7].map { fixtures.list(count: $0, visuals: visuals, clicked: 0.6) }
    let batch = try SlateBatch(lists, model.features)
    let orders = lists.map { Array((0..<$0.count).reversed()) }
    let mismatch = checkGradients(of: model, samples: 300) { pass in
      Seq2SlateLoss(steps: 7)(model, batch, .fixed(orders), pass)
    }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
  }

  @Test(.enabled(if: isDoublePrecision, "needs the double-precision build"))
  func operationGradients() {
    var random = RandomStream(seed: 29)
    func tensor(_ shape: Shape) -> Tensor { Tensor(normal: 0.7, shape: shape, random: &random) }
    let sequence = checkGradients(
      of: { lstmSequence(projected: $0[0], recurrent: $0[1], batch: 3) },
      at: [tensor([12, 20]), tensor([20, 5])])
    #expect(sequence.relativeError < 1e-5, "\(sequence)")
    let scores = checkGradients(
      of: {
        additiveScores(
          keys: $0[0], queries: $0[1], vector: $0[2], open: [UInt8](repeating: 1, count: 8))
      }, at: [tensor([8, 19]), tensor([2, 19]), tensor([19])])
    #expect(scores.relativeError < 1e-5, "\(scores)")
    // Closed candidates score -infinity and pass no gradient on.
    let open: [UInt8] = [1, 0, 1, 1, 0, 0, 1, 1]
    let finite = open.indices.filter { open[$0] == 1 }.map { Int32($0) }
    let partly = checkGradients(
      of: {
        additiveScores(keys: $0[0], queries: $0[1], vector: $0[2], open: open).reshaped([8, 1])
          .gatherRows(finite)
      }, at: [tensor([8, 19]), tensor([2, 19]), tensor([19])])
    #expect(partly.relativeError < 1e-5, "\(partly)")
  }
}
