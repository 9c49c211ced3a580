import Foundation
import NeuralNetworks
import Tensors
import Testing

/// Schedules at their edges, against values worked out by hand.
struct LearningRateScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, _ steps: [Int]) -> [Scalar] {
    steps.map { schedule.rate(step: $0, base: 2) }
  }

  private func expect(
    _ schedule: LearningRateSchedule, _ steps: [Int], _ expected: [Scalar],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (found, value) in zip(rates(schedule, steps), expected) {
      #expect(abs(found - value) < 1e-6, sourceLocation: sourceLocation)
    }
  }

  @Test func valuesAtTheEdges() {
    expect(.constant, [0, 7, .max], [2, 2, 2])
    // Rises 0.5, 1, 1.5, 2; the cosine starts at step 4, is half way at 9 and ends at 14.
    expect(
      .cosine(warmupSteps: 4, totalSteps: 14, floor: 0.1), [0, 1, 3, 4, 9, 14, 15, .max],
      [0.5, 1, 2, 2, 1.1, 0.2, 0.2, 0.2])
    expect(.cosine(warmupSteps: 0, totalSteps: 10, floor: 0), [0, 5, 10], [2, 1, 0])
    expect(.step(every: 3, factor: 0.5), [0, 2, 3, 5, 6], [2, 2, 1, 1, 0.5])
    expect(.milestones([5, 2], factor: 0.1), [0, 1, 2, 4, 5], [2, 2, 0.2, 0.2, 0.02])
    expect(.constant.warmed(up: 2), [0, 1, 2], [1, 2, 2])
    expect(.step(every: 3, factor: 0.5).warmed(up: 4), [0, 2, 3], [0.5, 1.5, 1])
    #expect(LearningRateSchedule.constant.warmed(up: 0) == .constant)
  }

  @Test func epochsBecomeSteps() {
    #expect(
      LearningRateSchedule.cosine(epochs: 10, warmupEpochs: 0.5, stepsPerEpoch: 40)
        == .cosine(warmupSteps: 20, totalSteps: 400, floor: 0))
    #expect(
      LearningRateSchedule.step(everyEpochs: 3, stepsPerEpoch: 40, factor: 0.1)
        == .step(every: 120, factor: 0.1))
    // Numbers from a file that make no sense must not end the process.
    _ = LearningRateSchedule.cosine(epochs: .max, warmupEpochs: .nan, stepsPerEpoch: .max)
  }

  @Test func extremeNumbersGiveRates() {
    let extremes = [Int.min, -1, 0, 1, .max]
    for a in extremes {
      for b in extremes {
        for step in [0, 1, 1000, Int.max] {
          for schedule: LearningRateSchedule in [
            .cosine(warmupSteps: a, totalSteps: b, floor: 0), .step(every: a, factor: 0.5),
            .milestones([a, b], factor: 0.5), .warmup(steps: a, .step(every: b, factor: 0.5)),
          ] {
            let rate = schedule.rate(step: step, base: 1)
            #expect(rate >= 0 && rate <= 1, "\(schedule) at step \(step)")
          }
        }
      }
    }
  }

  @Test func survivesAFile() throws {
    let schedule = LearningRateSchedule.cosine(warmupSteps: 3, totalSteps: 9, floor: 0.1)
      .warmed(up: 2)
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
  }
}
