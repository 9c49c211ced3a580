import Foundation
import NeuralNetworks
import Rankers
import Testing

/// Numbers for the documentation, not checks: `tools/experiments/multitask/worlds` prints them.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["VITRINE_MEASURE"] != nil, "set VITRINE_MEASURE"))
struct TaskWorldMeasurements {
  @Test func selection() throws {
    let trials = try (1...10).map { try SelectionTrial(seed: $0) }
    row("ESMM, entire space", "AUC", trials.map(\.entire))
    row("clicked rows alone", "AUC", trials.map(\.clicked))
    row("difference, pair by pair", "AUC", trials.map { $0.entire - $0.clicked })
  }

  /// Each way of sharing at its own better learning rate of two.
  @Test(arguments: [1, 0.5, 0])
  func correlation(_ p: Double) throws {
    for sharing in CorrelationTrial.Sharing.allCases {
      let runs = try [0.01, 0.03].map { rate in
        var trial = CorrelationTrial()
        trial.learningRate = rate
        return (
          rate,
          try (1...10).map { try trial.excess(sharing, correlation: p, seed: UInt64($0)) }
        )
      }
      let best = runs.min { $0.1.reduce(0, +) < $1.1.reduce(0, +) }
      if let best {
        row("\(sharing.rawValue) at correlation \(p), rate \(best.0)", "excess log loss", best.1)
      }
    }
  }

  private func row(_ name: String, _ what: String, _ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let text = String(format: "%.5f ± %.5f", mean, deviation)
    print("measured: \(name): \(what) \(text) over \(values.count) seeds")
  }
}
