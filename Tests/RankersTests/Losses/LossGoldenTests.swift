import Foundation
import Rankers
import RankingData
import Tensors
import Testing

/// One list as `tools/reference/losses.py` judged it.
private struct ReferenceList: Decodable {
  struct Result: Decodable {
    let loss: Double
    let gradient: [Double]
  }
  let scores: [Double]
  let labels: [Double]
  let weights: [Double]
  let results: [String: Result]

  var list: JudgedList { JudgedList(scores: scores, labels: labels, weights: weights) }
}

@Suite struct LossGoldenTests {
  private static let losses: [String: @Sendable (JudgedList) -> ListLossValue] = {
    var steep = RankNetLoss()
    (steep.tau, steep.pairs) = (2.5, .mean)
    var truncated = LambdaRankLoss()
    (truncated.tau, truncated.truncation) = (0.5, 3)
    return [
      "ranknet": { RankNetLoss().loss($0) },
      "ranknet-steep-mean": { [steep] in steep.loss($0) },
      "lambdarank": { LambdaRankLoss().loss($0) },
      "lambdarank-steep-truncated": { [truncated] in truncated.loss($0) },
      "listnet": { ListNetLoss().loss($0) }, "softmax": { SoftmaxLoss().loss($0) },
      "listmle": { ListMLELoss().loss($0, order: $0.byLabel) },
    ]
  }()

  /// Pair by pair, in float64.
  @Test func everyLossAgreesWithTheReference() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let lists = try JSONDecoder().decode(
      [ReferenceList].self, from: Data(contentsOf: folder.appending(path: "Golden/losses.json")))
    #expect(lists.count == 4)
    for list in lists {
      #expect(Set(list.results.keys) == Set(Self.losses.keys))
      for (name, loss) in Self.losses {
        let (found, expected) = (loss(list.list), try #require(list.results[name]))
        #expect(abs(found.loss - expected.loss) < 1e-10, "\(name)")
        #expect(maximumDifference(found.gradient, expected.gradient) < 1e-10, "\(name)")
      }
    }
  }

  @Test func onePairTheWrongWayRound() {
    let list = JudgedList(scores: [0, 1], labels: [1, 0])
    let pair = RankNetLoss().loss(list)
    #expect(abs(pair.loss - 1.313262) < 1e-6)
    #expect(abs(SoftmaxLoss().loss(list).loss - 1.313262) < 1e-6)
    #expect(abs(ListNetLoss().loss(list).loss - 1.044320) < 1e-6)
    let swap = LambdaRankLoss().loss(list)
    #expect(abs(swap.gradient[0] - -0.269812) < 1e-6)
    #expect(abs(swap.gradient[0] / pair.gradient[0] - 0.369070) < 1e-6, "|ΔNDCG|")
  }

  @Test func likelihoodOfAnOrder() {
    let labels: [Double] = [3, 2, 1]
    let right = ListMLELoss().loss(
      JudgedList(scores: [3, 2, 1], labels: labels), order: [0, 1, 2])
    let wrong = ListMLELoss().loss(
      JudgedList(scores: [1, 2, 3], labels: labels), order: [0, 1, 2])
    #expect(abs(right.loss - 0.720868) < 1e-6)
    #expect(abs(wrong.loss - 3.720868) < 1e-6)
  }

  /// Three rows watched for 10, 20 and 30 and 97 not at all: the odds are 60 / 97.
  @Test(arguments: [1.0, 7.0])
  func oddsAreTheExpectedWeight(unit: Double) throws {
    let labels = [Float](repeating: 1, count: 3) + [Float](repeating: 0, count: 97)
    let weights = [10, 20, 30].map { Float($0 * unit) } + [Float](repeating: 5, count: 97)
    let batch = RankingBatch(count: 100, labels: labels, weights: weights)
    let bias = Parameter(Tensor(zeros: [1]))
    for _ in 0..<400 {
      let pass = Pass.training(seed: 1)
      let loss = WeightedLogisticLoss()(Tensor(zeros: [100]) + pass.read(bias), batch, pass)
      // The second derivative is at most the mean weight over 4.
      let step = pass.gradients(of: loss).dense(bias) * Scalar(2 / (0.6 * unit + 1))
      bias.value = bias.value - step
    }
    #expect(abs(Double(bias.value.item()) - (-0.480366 + log(unit))) < 1e-5)
  }
}
