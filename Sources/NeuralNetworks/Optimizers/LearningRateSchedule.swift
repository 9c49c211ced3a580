import Foundation
public import Tensors

/// How the learning rate changes while training goes on: a factor of the base rate for each step.
///
/// Steps are counted from 0 over the whole training. A schedule has no state: the rate of a step
/// depends on its number alone, so a resumed training finds its place.
public enum LearningRateSchedule: Sendable, Hashable, Codable {
  /// The base rate throughout.
  case constant
  /// A linear rise over `warmupSteps`, then half a cosine (Loshchilov and Hutter, 2017, arXiv
  /// 1608.03983) down to `floor`, a share of the base rate, at step `totalSteps` and beyond.
  case cosine(warmupSteps: Int, totalSteps: Int, floor: Double)
  /// Multiplies by `factor` after every so many steps.
  case step(every: Int, factor: Double)
  /// Multiplies by `factor` at each of these steps.
  case milestones([Int], factor: Double)
  /// Another schedule, multiplied by a linear rise over the first `steps`; the other one does not
  /// start later for it.
  indirect case warmup(steps: Int, LearningRateSchedule)
  /// Another schedule, multiplied by `factor` from a step on.
  indirect case lowered(from: Int, factor: Double, LearningRateSchedule)

  /// The learning rate of a step. A number for every step and every schedule, sensible or not.
  public func rate(step: Int, base: Scalar) -> Scalar {
    self == .constant ? base : Scalar(Double(base) * factor(of: step))
  }

  // In floating point throughout: a schedule may come from a file, where any integer can stand.
  private func factor(of step: Int) -> Double {
    switch self {
    case .constant:
      return 1
    case .cosine(let warmup, let total, let floor):
      guard step >= warmup else { return Self.rise(step, over: warmup) }
      let length = max(Double(total) - Double(warmup), 1)
      let progress = min((Double(step) - Double(warmup)) / length, 1)
      return floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress))
    case .step(let every, let factor):
      return pow(factor, (Double(step) / Double(max(every, 1))).rounded(.down))
    case .milestones(let steps, let factor):
      return pow(factor, Double(steps.count { $0 <= step }))
    case .warmup(let steps, let other):
      return Self.rise(step, over: steps) * other.factor(of: step)
    case .lowered(let first, let factor, let other):
      return (step >= first ? factor : 1) * other.factor(of: step)
    }
  }

  /// The first step already moves: 1/n, 2/n, … 1.
  private static func rise(_ step: Int, over steps: Int) -> Double {
    min((Double(step) + 1) / max(Double(steps), 1), 1)
  }
}

extension LearningRateSchedule {
  /// A cosine in epochs: of its `epochs`, the first `warmupEpochs` (also a fraction) rise.
  public static func cosine(
    epochs: Int, warmupEpochs: Double = 0, stepsPerEpoch: Int, floor: Double = 0
  ) -> LearningRateSchedule {
    let perEpoch = Double(stepsPerEpoch)
    return .cosine(
      warmupSteps: Int(clamping: warmupEpochs * perEpoch),
      totalSteps: Int(clamping: Double(epochs) * perEpoch), floor: floor)
  }

  /// Multiplies by `factor` after every so many epochs.
  public static func step(
    everyEpochs epochs: Int, stepsPerEpoch: Int, factor: Double
  ) -> LearningRateSchedule {
    .step(every: Int(clamping: Double(epochs) * Double(stepsPerEpoch)), factor: factor)
  }

  /// The same schedule with a linear rise over the first steps; unchanged for none.
  public func warmed(up steps: Int) -> LearningRateSchedule {
    steps > 0 ? .warmup(steps: steps, self) : self
  }
}

extension Int {
  /// The nearest whole number, within half the range so that sums do not overflow.
  fileprivate init(clamping value: Double) {
    let limit = Double(1 << 61)
    self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value.rounded(), -limit), limit))
  }
}
