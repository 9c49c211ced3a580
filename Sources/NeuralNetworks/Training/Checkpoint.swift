import Foundation
import Tensors

/// A file from which training goes on after a stop, at the epoch it had finished: parameters, the
/// best parameters so far, their average if training keeps one, optimizer state and record, written as one and replaced as one.
public struct Checkpoint: Sendable {
  /// Where it is kept.
  public let path: String
  /// Whether to go on from the file. Otherwise it is only written.
  public let resume: Bool
  /// What training depends on besides the parameters' shapes: a hash of configuration and data, say.
  /// A file with another one is not resumed.
  public let fingerprint: String

  private static let recordKey = "training_record"
  private static let fingerprintKey = "fingerprint"

  /// A checkpoint that may or may not exist yet.
  public init(path: String, resume: Bool, fingerprint: String = "") {
    self.path = path
    self.resume = resume
    self.fingerprint = fingerprint
  }

  /// Restores a training, or returns nil where there is nothing to resume.
  /// - Throws: `CheckpointError` or `TensorFileError`; the parameters and the optimizer are as before
  ///   then.
  func load(
    _ parameters: ParameterList, _ optimizer: any Optimizer, averaging: Bool
  ) throws -> (record: TrainingRecord, best: [Tensor], average: [Tensor]?)? {
    guard resume, FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try SafetensorsFile.read(path)
    let record = try record(in: file)
    func part(_ prefix: String) -> [String: StoredTensor] {
      var part: [String: StoredTensor] = [:]
      for (name, tensor) in file.tensors where name.hasPrefix(prefix) {
        part[String(name.dropFirst(prefix.count))] = tensor
      }
      return part
    }
    let averages = part("average.").mapValues(\.tensor)
    guard averages.isEmpty != averaging else {
      throw CheckpointError(
        "\(path): averaged weights are \(averaging ? "missing" : "not asked for"), but the"
          + " checkpoint was written \(averaging ? "without" : "with") them: the configuration"
          + " changed; start without --resume")
    }
    let before = parameters.snapshot()
    do {
      // All values first pass through the parameters themselves, which checks their shapes.
      if averaging { try parameters.load(averages, from: path) }
      let average = averaging ? parameters.snapshot() : nil
      try parameters.load(part("best.").mapValues(\.tensor), from: path)
      let best = parameters.snapshot()
      try parameters.load(part("model.").mapValues(\.tensor), from: path)
      try optimizer.restore(part("optimizer."))
      return (record, best, average)
    } catch {
      parameters.restore(before)
      throw error
    }
  }

  private func record(in file: SafetensorsFile) throws(CheckpointError) -> TrainingRecord {
    guard let text = file.metadata[Self.recordKey],
      let record = try? JSONDecoder().decode(TrainingRecord.self, from: Data(text.utf8))
    else {
      throw CheckpointError(
        "\(path): no training record: this is not a checkpoint; start without --resume")
    }
    guard record.isConsistent else {
      throw CheckpointError(
        "\(path): the epochs of the training record contradict each other: the checkpoint is"
          + " damaged; start without --resume")
    }
    guard file.metadata[Self.fingerprintKey] == fingerprint else {
      throw CheckpointError(
        "\(path): the configuration or the data changed since the checkpoint; start without"
          + " --resume, or restore the configuration and the data")
    }
    return record
  }

  /// Replaces the file by the state at the end of an epoch.
  func save(
    _ parameters: ParameterList, _ optimizer: any Optimizer, record: TrainingRecord,
    best: [Tensor], average: [Tensor]?
  ) throws {
    var tensors = parameters.stored(as: "model.")
    for (prefix, values) in [("best.", best), ("average.", average ?? [])] {
      for (entry, value) in zip(parameters.entries, values) {
        tensors[prefix + entry.name] = StoredTensor(value)
      }
    }
    for (name, tensor) in optimizer.state() { tensors["optimizer." + name] = tensor }
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    let metadata = [Self.recordKey: text, Self.fingerprintKey: fingerprint]
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
  }

  /// Removes what a killed process left of a write that it did not end.
  public func removeLeftovers() { Leftovers.remove(of: path) }

  /// Removes the file once the training has ended and its model is saved.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }
}
