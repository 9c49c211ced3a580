import Rankers
import RankingData
import Tensors
import TestSupport
import Testing

private let listKinds = ["ranknet", "lambdarank", "listnet", "listmle", "softmax"]

@Suite struct LossPropertyTests {
  /// Lists of 1 to 9 rows, or longer ones, with distinct grades, so that no tie is left to chance.
  private func batch(
    _ lists: Int, shortest: Int = 1, grades: Int = .max, seed: UInt64 = 3
  ) -> RankingBatch {
    var random = RandomStream(seed: seed)
    var (labels, weights, requests): ([Float], [Float], [Int32]) = ([], [], [])
    for list in 0..<lists {
      let count = shortest + random.next(below: 9)
      for place in (0..<count).shuffled(using: &random) {
        labels.append(Float(place % grades))
        weights.append(Float(random.nextUniform()) + 0.5)
        requests.append(Int32(list))
      }
    }
    return RankingBatch(
      count: labels.count, labels: labels, weights: weights, requests: requests)
  }

  private func scores(_ count: Int, seed: UInt64 = 8) -> Tensor {
    var random = RandomStream(seed: seed)
    return Tensor(normal: 2, shape: [count], random: &random)
  }

  private func evaluate(
    _ kind: String, _ scores: Tensor, _ batch: RankingBatch
  ) throws -> (loss: Double, gradient: [Double]) {
    let loss = try RankingLossSpecification(kind: kind).loss
    let (pass, parameter) = (Pass.training(seed: 4), Parameter(scores))
    let value = loss(pass.read(parameter), batch, pass)
    let gradient = pass.gradients(of: value).dense(parameter)
    return (Double(value.item()), gradient.scalars.map { Double($0) })
  }

  @Test(arguments: listKinds)
  func onlyDifferencesOfScoresMatter(kind: String) throws {
    let batch = batch(12)
    let scores = scores(batch.count)
    let (plain, shifted) = (
      try evaluate(kind, scores, batch), try evaluate(kind, scores + 3.25, batch)
    )
    #expect(abs(plain.loss - shifted.loss) < 1e-5)
    #expect(maximumDifference(plain.gradient, shifted.gradient) < 1e-5)
    for rows in batch.lists { #expect(abs(plain.gradient[rows].reduce(0, +)) < 1e-5) }
  }

  @Test(arguments: listKinds)
  func theOrderOfRowsDoesNotMatter(kind: String) throws {
    let batch = batch(1, shortest: 4)
    let scores = scores(batch.count)
    let plain = try evaluate(kind, scores, batch)
    let order = Array((0..<Int32(batch.count)).reversed())
    let moved = try evaluate(kind, scores.gatherRows(order), batch.batch(order[...]))
    #expect(abs(plain.loss - moved.loss) < 1e-6)
    #expect(maximumDifference(Array(plain.gradient.reversed()), moved.gradient) < 1e-6)
  }

  /// A list without an order teaches nothing, and counts nowhere.
  @Test(arguments: listKinds)
  func listsThatCannotBeOrderedAreLeftOut(kind: String) throws {
    var random = RandomStream(seed: 5)
    let two = RankingBatch(count: 4, labels: [2, 0, 1, 0], requests: [7, 7, 7, 7])
    let all = RankingBatch(
      count: 10, labels: [0, 0, 2, 0, 1, 0, 1, 1, 1, 5],
      requests: [1, 1, 7, 7, 7, 7, 3, 3, 3, 9])
    let scores = Tensor(normal: 1, shape: [10], random: &random)
    let alone = try evaluate(kind, scores.gatherRows([2, 3, 4, 5]), two)
    let among = try evaluate(kind, scores, all)
    #expect(abs(alone.loss - among.loss) < 1e-6)
    #expect(maximumDifference(Array(among.gradient[2..<6]), alone.gradient) < 1e-6)
    #expect((Array(among.gradient[..<2]) + among.gradient[6...]).allSatisfy { $0 == 0 })
    let nothing = try evaluate(kind, scores.gatherRows([0, 1]), all.batch([0, 1]))
    #expect(nothing.loss == 0 && nothing.gradient == [0, 0])
  }

  /// Mean over lists; a list of weight w counts w times.
  @Test(arguments: listKinds)
  func listsAreAveragedAndWeighted(kind: String) throws {
    let batch = batch(2, shortest: 2)
    let scores = scores(batch.count)
    let parts = try batch.lists.map { rows in
      let rows = rows.map(Int32.init)
      return try evaluate(kind, scores.gatherRows(rows), batch.batch(rows[...])).loss
    }
    #expect(abs(try evaluate(kind, scores, batch).loss - (parts[0] + parts[1]) / 2) < 1e-5)
    var heavy = batch
    for row in batch.lists[0] { heavy.weights[row] *= 3 }
    #expect(abs(try evaluate(kind, scores, heavy).loss - (3 * parts[0] + parts[1]) / 2) < 1e-5)
  }

  @Test(arguments: listKinds)
  func noScoreIsTooLarge(kind: String) throws {
    let batch = batch(8, grades: 3)
    let result = try evaluate(kind, scores(batch.count) * 1e6, batch)
    #expect(result.loss.isFinite && result.gradient.allSatisfy(\.isFinite))
  }

  /// With one row far above the others, the softmax of the labels is one-hot.
  @Test func softmaxIsTheLimitOfListNet() {
    let list = JudgedList(scores: [0.3, -1, 2, 0.1], labels: [0, 1, 0, 0])
    let limit = SoftmaxLoss().loss(list)
    let differences = [1.0, 5, 10, 40].map { scale in
      var scaled = list
      scaled.labels = list.labels.map { $0 * scale }
      return maximumDifference(ListNetLoss().loss(scaled).gradient, limit.gradient)
    }
    #expect(differences == differences.sorted(by: >) && differences[3] < 1e-15)
  }

  /// Tied labels ask for no order: equal seeds shuffle them alike, other seeds otherwise.
  @Test func tiesAreBrokenByTheSeed() {
    let batch = RankingBatch(count: 6, labels: [1, 1, 1, 0, 0, 0])
    let scores = Tensor([0, 1, 2, 3, 4, 5])
    func loss(_ seed: UInt64) -> Scalar {
      ListMLELoss()(scores, batch, Pass.training(seed: seed)).item()
    }
    #expect(loss(1) == loss(1))
    #expect(Set((1...20).map { loss($0) }).count > 5)
  }

  @Test(.enabled(if: isDoublePrecision), arguments: listKinds)
  func gradients(kind: String) throws {
    let batch = batch(6, grades: 4)
    let loss = try RankingLossSpecification(kind: kind).loss
    let mismatch = checkGradients(
      of: { loss($0[0], batch, Pass.training(seed: 2)) + 0 * $0[0].sum() },
      at: [scores(batch.count)])
    // LambdaRank's factors are constants of the step, and constant between ties.
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
  }
}
