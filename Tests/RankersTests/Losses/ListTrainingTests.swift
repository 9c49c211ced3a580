import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct ListTrainingTests {
  /// Requests of which a hidden weight vector knows the order, scattered over the file.
  private func requests(_ count: Int, seed: UInt64) -> RankingBatch {
    var random = RandomStream(seed: seed)
    var (numeric, labels, numbers): ([Float], [Float], [Int32]) = ([], [], [])
    for _ in 0..<count * 8 {
      let x = (0..<4).map { _ in Float(random.nextNormal()) }
      let worth = x[0] - 2 * x[1] + Float(random.nextNormal()) / 4
      numeric += x
      labels.append(worth > 2 ? 2 : worth > 1 ? 1 : 0)
      numbers.append(Int32(random.next(below: count)))
    }
    return RankingBatch(
      count: labels.count, numeric: numeric, numericWidth: 4, labels: labels, requests: numbers)
  }

  private let input = RankerInput(layout: FeatureLayout(numeric: ["a", "b", "c", "d"]))

  @Test(arguments: ["ranknet", "lambdarank", "listnet", "listmle", "softmax"])
  func ordersAreLearnt(kind: String) throws {
    var plan = RankerTraining()
    plan.loss = try RankingLossSpecification(kind: kind)
    plan.learningRate = 0.02
    #expect(plan.monitor == .ndcg(10))
    let (training, validation) = (requests(200, seed: 1), requests(80, seed: 2))
    let ranker = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    let before = try RankerQuality(of: ranker, on: validation, plan: plan)
    try plan.fit(ranker, training: training, validation: validation)
    let after = try RankerQuality(of: ranker, on: validation, plan: plan)
    #expect(try #require(before.ndcg) < 0.75)
    #expect(try #require(after.ndcg) > 0.93, "\(after)")
    #expect(after.logLoss == nil && ranker.output(of: plan) == .score)
  }

  @Test func batchesHoldWholeRequests() {
    let source = requests(40, seed: 3)
    let batches = EpochBatches(of: source, .requests, size: 50, seed: 6)
    let epoch = batches(epoch: 1)
    #expect(epoch.flatMap { $0 }.sorted() == Array(0..<Int32(source.count)))
    #expect(epoch.allSatisfy { $0.count <= 50 })
    #expect(epoch.count <= source.count / 50 * 2)
    var met: Set<Int32> = []
    for rows in epoch {
      let batch = source.batch(rows[...])
      for list in batch.lists {
        #expect(met.insert(batch.requests[list.lowerBound]).inserted, "a request in two runs")
      }
    }
    #expect(batches(epoch: 1) == epoch && batches(epoch: 2) != epoch)
    // A request longer than a batch is a batch of its own.
    let single = EpochBatches(of: source, .requests, size: 1, seed: 6)(epoch: 1)
    #expect(single.count == Set(source.requests).count)
  }

  @Test(arguments: ["ranknet", "lambdarank", "listnet", "softmax", "logistic", "weighted_logistic"])
  func shardsAddUpToTheWhole(kind: String) throws {
    var configuration = LogisticRegression.Configuration()
    configuration.l2 = 0.1
    let loss = try RankingLossSpecification(kind: kind).loss
    var batch = requests(60, seed: 5)
    let rows = RequestRows(batch.requests)
    batch = batch.batch((0..<rows.count).flatMap { rows[$0] }[...])
    if type(of: loss).scope == .rows { batch.labels = batch.labels.map { min($0, 1) } }
    let ranker = try LogisticRegression(configuration: configuration, input: input, seed: 1)
    for parameter in parameters(of: ranker) { parameter.value = parameter.value + 0.3 }
    let (whole, sharded) = (Pass.training(seed: 1), Pass.training(seed: 1))
    let losses = (
      ranker.loss(batch, whole, by: loss), ranker.shardedLoss(batch, sharded, by: loss)
    )
    #expect(batch.count > 400 && abs(losses.0.item() / losses.1.item() - 1) < 1e-5)
    let (a, b) = (whole.gradients(of: losses.0), sharded.gradients(of: losses.1))
    for parameter in parameters(of: ranker) {
      #expect(maximumDifference(a.dense(parameter).scalars, b.dense(parameter).scalars) < 1e-4)
    }
  }

  @Test func whatTeachesNothingIsRefused() throws {
    let ranker = try LogisticRegression(configuration: .init(), input: input, seed: 1)
    let rows = requests(10, seed: 1)
    #expect {
      try RankerTraining().fit(ranker, training: rows, validation: rows)
    } throws: { error in
      "\(error)".contains("label 2.0") && "\(error)".contains("lambdarank")
    }
    var plan = RankerTraining()
    plan.loss = RankingLossSpecification(ListNetLoss())
    var flat = rows
    flat.labels = flat.labels.map { _ in 1 }
    #expect(throws: RankerError.noOrder("training")) {
      try plan.fit(ranker, training: flat, validation: rows)
    }
    #expect(throws: RankerError.noOrder("validation")) {
      try plan.fit(ranker, training: rows, validation: flat)
    }
  }

  @Test func lossesAreReadByNameOrWithParameters() throws {
    func read(_ json: String) throws -> RankerTraining {
      try JSONDecoder().decode(RankerTraining.self, from: Data(json.utf8))
    }
    for kind in RankingLossSpecification.kinds {
      let plan = try read(#"{"loss": "\#(kind)"}"#)
      #expect(plan.loss.kind == kind)
      #expect(try read(String(decoding: JSONEncoder().encode(plan), as: UTF8.self)) == plan)
    }
    let plan = try read(#"{"loss": {"kind": "lambdarank", "truncation": 5}, "monitor": "ndcg@3"}"#)
    #expect((plan.loss.loss as? LambdaRankLoss)?.truncation == 5)
    #expect(plan.monitor == .ndcg(3) && plan.monitor.rawValue == "ndcg@3")
    #expect(try read("{}").monitor == .auc)
    for (json, hint) in [
      (#"{"loss": "lambdarnak"}"#, "lambdarank"),
      (#"{"loss": {"kind": "ranknet", "sigma": 2}}"#, "tau"),
      (#"{"loss": {"kind": "ranknet", "tau": 0}}"#, "tau"), (#"{"monitor": "ndcg"}"#, "ndcg@10"),
    ] {
      #expect { try read(json) } throws: { "\($0)".contains(hint) }
    }
  }
}
