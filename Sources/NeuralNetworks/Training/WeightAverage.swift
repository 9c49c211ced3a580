import Tensors

/// An exponential moving average of a model's parameters over the steps of its training (Polyak and
/// Juditsky, 1992), running statistics included. It is smoother than the last step's parameters and
/// usually better, so the trainer validates and keeps it in their place.
///
/// Costs one more copy of the parameters and one pass over all of them a step, also over rows of
/// tables that the step did not touch.
public struct WeightAverage: Sendable, Hashable, Codable {
  /// The share of the average that a step leaves, in 0 ..< 1; 0.999 follows some thousand steps.
  public var decay: Double
  /// Whether the first steps decay less, by (1 + step) / (10 + step), so that the starting values
  /// are soon forgotten.
  public var warmUp: Bool

  /// An average.
  public init(decay: Double, warmUp: Bool = true) {
    precondition((0..<1).contains(decay), "average with decay \(decay); it must lie in 0 ..< 1")
    self.decay = decay
    self.warmUp = warmUp
  }

  /// The share of the average that a step leaves; steps are counted from 0.
  package func decay(step: Int) -> Double {
    warmUp ? min(decay, (1 + Double(step)) / (10 + Double(step))) : decay
  }
}

/// The average of one training as it goes on.
struct AveragedParameters {
  private let settings: WeightAverage
  /// In the order of the parameter list.
  var values: [Tensor]

  init(_ settings: WeightAverage, of parameters: ParameterList) {
    self.settings = settings
    values = parameters.snapshot()
  }

  /// Moves towards the parameters after a step, counted from 0.
  mutating func follow(_ parameters: ParameterList, step: Int) {
    let share = Scalar(1 - settings.decay(step: step))
    for (index, entry) in parameters.entries.enumerated() {
      values[index].approach(entry.parameter.value, by: share)
    }
  }
}
