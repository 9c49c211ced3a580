import NeuralNetworks
import Rankers
import RankingData
import Tensors
import TestSupport
import Testing

/// P3: the tape against central differences through whole models, in the double-precision build.
@Suite(.enabled(if: isDoublePrecision)) struct RankerGradientTests {
  @Test func logisticRegression() throws {
    var configuration = LogisticRegression.Configuration()
    configuration.l2 = 0.1
    try check(RankerSpecification(configuration))
  }

  @Test func deepFM() throws {
    var configuration = DeepFM.Configuration()
    configuration.width = 5
    configuration.hidden = [12, 7]
    configuration.embeddingScale = 0.3
    configuration.dropout = 0.2
    configuration.l2 = 0.1
    try check(RankerSpecification(configuration))
  }

  @Test(arguments: HiddenNormalization.allCases)
  func denseNetwork(normalization: HiddenNormalization) throws {
    var configuration = DenseNetwork.Configuration()
    configuration.width = 5
    configuration.hidden = [12, 7]
    configuration.activation = .selu
    configuration.normalization = normalization
    configuration.dropout = 0.2
    configuration.l2 = 0.1
    try check(RankerSpecification(configuration))
  }

  func check(_ specification: RankerSpecification) throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(specification)
    var batch = world.batch(10)
    batch.weights = (0..<10).map { Float($0) / 4 }
    let mismatch = checkGradients(of: ranker) { ranker.loss(batch, $0) }
    #expect(mismatch.relativeError < 1e-5, "\(mismatch)")
    #expect(mismatch.compared >= 20)
  }
}
