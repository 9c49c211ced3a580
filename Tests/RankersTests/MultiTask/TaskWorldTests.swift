import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// Made-up worlds in which one way of sharing is right. `TaskWorldMeasurements` has the same at length.
@Suite struct TaskWorldTests {
  @Test func theEntireSpaceBeatsTheClickedOne() throws {
    let trials = try (1...3).map { try SelectionTrial(seed: $0) }
    for trial in trials { #expect(trial.entire > trial.clicked + 0.01, "\(trials)") }
  }

  /// Neither way of sharing is given more to work with.
  @Test func networksOfOneSizeAreCompared() throws {
    let sizes = try CorrelationTrial.Sharing.allCases.map { sharing in
      let ranker = try neuralRanker(
        CorrelationTrial.specification(sharing), input: RankerInput(layout: CorrelatedTasks.layout))
      return ParameterList(ranker).entries.reduce(0) { $0 + $1.parameter.value.count }
    }
    for size in sizes { #expect(abs(Double(size) / Double(sizes[2]) - 1) < 0.02, "\(sizes)") }
  }

  /// What is shared by force suffers where tasks have less in common.
  @Test func gatesDegradeLeast() throws {
    let trial = CorrelationTrial()
    func degradation(_ sharing: CorrelationTrial.Sharing) throws -> Double {
      let losses = try [1.0, 0.0].map { correlation in
        try (1...2).reduce(0) {
          try $0 + trial.excess(sharing, correlation: correlation, seed: UInt64($1)) / 2
        }
      }
      return losses[1] - losses[0]
    }
    let gated = try degradation(.gateForEachTask)
    #expect(try degradation(.oneGate) > gated)
    #expect(try degradation(.sharedBottom) > gated)
  }
}
