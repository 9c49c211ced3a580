import Tensors
public struct Checkpoint: Sendable {
  func load(_ parameters: ParameterList, _ optimizer: any Optimizer) throws -> (record: TrainingRecord, best: [Tensor])? { nil }
  func save(_ parameters: ParameterList, _ optimizer: any Optimizer, record: TrainingRecord, best: [Tensor]) throws {}
}
