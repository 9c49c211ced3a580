import Foundation
import Slates
import Tensors
import Testing

private let isMeasuring = ProcessInfo.processInfo.environment["VITRINE_MEASURE"] != nil

/// A number for the documentation, not a check: lists a second of supervised training at the
/// published size, 50 candidates, 10 steps, batches of 128.
@Suite(.serialized, .enabled(if: isMeasuring, "set VITRINE_MEASURE to a folder"))
struct Seq2SlateTrainingMeasurements {
  @Test func listsPerSecond() throws {
    var fixtures = SlateFixtures(seed: 71)
    let lists = (0..<1024).map { fixtures.list(count: 50, clicked: 0.1, id: "\($0)") }
      .filter { $0.clicks?.contains(true) ?? false }
    var training = Seq2SlateTraining()
    training.epochs = 6
    training.patience = 6
    training.batchSize = 128
    training.annealing = 0
    var marks: [ContinuousClock.Instant] = []
    _ = try training.train(
      Seq2SlateConfiguration(categories: SlateFixtures.categories), on: lists,
      validation: Array(lists.prefix(1))
    ) { _ in marks.append(.now) }
    let rates = zip(marks, marks.dropFirst()).map {
      Double(lists.count) / ($0.duration(to: $1) / .seconds(1))
    }
    print("measured: \(rates.map { Int($0) }) lists/s")
  }
}
