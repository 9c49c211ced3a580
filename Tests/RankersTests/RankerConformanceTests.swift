import NeuralNetworks
import Rankers
import Testing

@Suite struct RankerConformanceTests {
  @Test func logisticRegression() throws {
    try RankerConformance(
      specification: RankerSpecification(LogisticRegression.Configuration()), learningRate: 0.1
    ).check()
  }

  @Test func penalisedLogisticRegressionTrainsToo() throws {
    var configuration = LogisticRegression.Configuration()
    configuration.l2 = 1e-6
    try RankerConformance(
      specification: RankerSpecification(configuration), learningRate: 0.1
    ).check()
  }

  @Test(arguments: HiddenNormalization.allCases, Activation.allCases)
  func denseNetwork(normalization: HiddenNormalization, activation: Activation) throws {
    var configuration = DenseNetwork.Configuration()
    configuration.width = 6
    configuration.hidden = [24, 12]
    configuration.normalization = normalization
    configuration.activation = activation
    configuration.l2 = 1e-6
    configuration.dropout = normalization == .none && activation == .relu ? 0.05 : 0
    try RankerConformance(specification: RankerSpecification(configuration)).check()
  }

  @Test func deepFM() throws {
    var configuration = DeepFM.Configuration()
    configuration.width = 6
    configuration.hidden = [24, 12]
    configuration.embeddingScale = 0.1
    try RankerConformance(specification: RankerSpecification(configuration)).check()
  }

  @Test func deepFMWithDropoutAndPenalty() throws {
    var configuration = DeepFM.Configuration()
    configuration.width = 6
    configuration.hidden = [48]
    configuration.dropout = 0.1
    configuration.l2 = 1e-6
    try RankerConformance(specification: RankerSpecification(configuration)).check()
  }
}
