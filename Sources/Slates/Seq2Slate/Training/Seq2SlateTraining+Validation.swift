extension SlateError {
  /// Throws `configuration` unless a field is valid.
  static func require(
    _ field: String, _ value: some CustomStringConvertible, _ valid: Bool, _ rule: String
  ) throws(SlateError) {
    if !valid { throw .configuration(field: field, value: "\(value)", rule: rule) }
  }
}

private let positive = "it must be at least 1"
private let finite = "it must be a finite number above 0"
private let share = "it must lie in 0...1"

extension Seq2SlateTraining {
  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    func check(
      _ field: CodingKeys, _ value: some CustomStringConvertible, _ valid: Bool, _ rule: String
    ) throws(SlateError) {
      try SlateError.require(field.rawValue, value, valid, rule)
    }
    try check(.epochs, epochs, epochs >= 1, positive)
    try check(.patience, patience, patience >= 1, positive)
    try check(.batchSize, batchSize, batchSize >= 1, positive)
    try check(.steps, steps, steps >= 1, positive)
    try check(.learningRate, learningRate, learningRate > 0 && learningRate.isFinite, finite)
    try check(
      .weightDecay, weightDecay, weightDecay >= 0 && weightDecay.isFinite,
      "it must be a finite number from 0")
    try check(.clipNorm, clipNorm, clipNorm > 0 && clipNorm.isFinite, finite)
    try check(.modelShare, modelShare, modelShare >= 0 && modelShare <= 1, share)
    try check(.annealing, annealing, annealing >= 0 && annealing <= 1, share)
    try propensity?.validate()
    try reinforce?.validate()
    try check(
      .criterion, criterion.rawValue, reinforce == nil || criterion == .ndcg,
      "reinforce needs ndcg: the two stages have no loss in common to be compared by")
    try check(
      .inputOrder, inputOrder.rawValue, propensity == nil || inputOrder == .base,
      "propensity needs base: the rank of a click is its place in the list")
  }
}

extension Seq2SlateTraining.Reinforce {
  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    func check(
      _ field: CodingKeys, _ value: some CustomStringConvertible, _ valid: Bool, _ rule: String
    ) throws(SlateError) {
      try SlateError.require("reinforce." + field.rawValue, value, valid, rule)
    }
    try check(.epochs, epochs, epochs >= 1, positive)
    try check(.samples, samples, samples >= 1, positive)
    try check(.learningRate, learningRate, learningRate > 0 && learningRate.isFinite, finite)
    try check(
      .criticLearningRate, criticLearningRate,
      criticLearningRate > 0 && criticLearningRate.isFinite, finite)
    try check(
      .entropy, entropy, entropy >= 0 && entropy.isFinite, "it must be a finite number from 0 on")
    try check(.momentum, momentum, momentum >= 0 && momentum < 1, "it must lie in 0..<1")
  }
}
