import Foundation
import Tensors

/// A file from which training goes on after a stop, at the epoch it had finished: parameters, the
/// best parameters so far, optimizer state and record, written as one and replaced as one.
public struct Checkpoint: Sendable {
  /// Where it is kept.
  public let path: String
  /// Whether to go on from the file. Otherwise it is only written.
  public let resume: Bool

  private static let recordKey = "training_record"

  /// A checkpoint that may or may not exist yet.
  public init(path: String, resume: Bool) {
    self.path = path
    self.resume = resume
  }

  /// Restores a training, or returns nil where there is nothing to resume.
  func load(_ parameters: ParameterList, _ optimizer: any Optimizer) throws
    -> (record: TrainingRecord, best: [Tensor])?
  {
    guard resume, FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try SafetensorsFile.read(path)
    guard let text = file.metadata[Self.recordKey],
      let record = try? JSONDecoder().decode(TrainingRecord.self, from: Data(text.utf8))
    else {
      throw CheckpointError(
        "\(path): no training record: this is not a checkpoint; start without --resume")
    }
    func part(_ prefix: String) -> [String: Tensor] {
      var part: [String: Tensor] = [:]
      for (name, tensor) in file.tensors where name.hasPrefix(prefix) {
        part[String(name.dropFirst(prefix.count))] = tensor.tensor
      }
      return part
    }
    // The best values first pass through the parameters themselves, which checks their shapes.
    try parameters.load(part("best."), from: path)
    let best = parameters.snapshot()
    try parameters.load(part("model."), from: path)
    try optimizer.restore(part("optimizer."))
    return (record, best)
  }

  /// Replaces the file by the state at the end of an epoch.
  func save(
    _ parameters: ParameterList, _ optimizer: any Optimizer, record: TrainingRecord, best: [Tensor]
  ) throws {
    var tensors = parameters.stored(as: "model.")
    for (entry, value) in zip(parameters.entries, best) {
      tensors["best." + entry.name] = StoredTensor(value)
    }
    for (name, tensor) in optimizer.state() { tensors["optimizer." + name] = StoredTensor(tensor) }
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    try SafetensorsFile(tensors: tensors, metadata: [Self.recordKey: text]).write(to: path)
  }

  /// Removes the file once the training has ended and its model is saved.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }
}
