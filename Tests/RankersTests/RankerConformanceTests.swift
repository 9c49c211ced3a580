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
