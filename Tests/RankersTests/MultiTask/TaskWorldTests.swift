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
    #expect(abs(Double(sizes[0]) / Double(sizes[2]) - 1) < 0.02, "\(sizes)")
    // One gate less.
    #expect(sizes[1] == sizes[2] - 8 * CorrelatedTasks.width)
  }

  /// A mixture that both tasks must read suffers where they have less in common; the difference from a
  /// shared bottom is small against that from seed to seed, and left to the measurements.
  @Test func oneGateDegradesMore() throws {
    let trial = CorrelationTrial()
    func degradation(_ sharing: CorrelationTrial.Sharing) throws -> Double {
      let losses = try [1.0, 0.0].map { correlation in
        try (1...2).reduce(0) {
          try $0 + trial.excess(sharing, correlation: correlation, seed: UInt64($1)) / 2
        }
      }
      return losses[1] - losses[0]
    }
    #expect(try degradation(.oneGate) > degradation(.gateForEachTask))
  }
}
