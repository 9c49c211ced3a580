import Foundation
import NeuralNetworks
import Tensors
import Testing

/// A checkpoint that somebody or something has changed: an error or a training, never a trap, and
/// the model as it was after an error.
struct DamagedCheckpointTests {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("damaged-\(UInt64.random(in: 0 ... .max)).safetensors").path

  /// Two epochs, the second the better one.
  private func checkpoint() throws -> SafetensorsFile {
    try train(TrainerTests.layer(), epochs: 2, resume: false)
    return try SafetensorsFile.read(path)
  }

  private func train(_ layer: Linear, epochs: Int, resume: Bool, adagrad: Bool = false) throws {
    let parameters = ParameterList(layer).trainable
    let optimizer: any Optimizer = adagrad ? Adagrad(parameters) : Adam(parameters)
    var score = 0.0
    try Trainer(epochs: epochs, patience: 100).fit(
      layer, optimizer: optimizer, batches: { TrainerTests.batches($0).prefix(2) },
      loss: { TrainerTests.loss(layer, $0, $1) },
      validate: {
        score += 1
        return score
      }, checkpoint: Checkpoint(path: path, resume: resume))
  }

  /// Resumes from the file and expects an error that says so much, and an unchanged model.
  private func expectRefusal(
    _ message: String, adagrad: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let layer = TrainerTests.layer()
    let before = ParameterList(layer).entries.map { $0.parameter.value.scalars }
    let error = #expect(throws: CheckpointError.self, sourceLocation: sourceLocation) {
      try train(layer, epochs: 4, resume: true, adagrad: adagrad)
    }
    let text = error?.description ?? "no error"
    #expect(text.contains(message), "\(text)", sourceLocation: sourceLocation)
    let after = ParameterList(layer).entries.map { $0.parameter.value.scalars }
    #expect(after == before, sourceLocation: sourceLocation)
  }

  @Test func impossibleOptimizerStatesAreRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let good = try checkpoint()
    func refuse(_ name: String, _ tensor: StoredTensor?, says message: String) throws {
      var bad = good
      bad.tensors["optimizer." + name] = tensor
      try bad.write(to: path)
      expectRefusal(message)
    }
    for steps: Int64 in [-5, .min, .max] {
      try refuse("steps", StoredTensor(shape: [], elements: .int64([steps])), says: "'steps'")
    }
    try refuse("steps", StoredTensor(shape: [], floats: [1e30]), says: "'steps' is not a count")
    try refuse("steps", StoredTensor(shape: [2], elements: .int64([1, 2])), says: "'steps'")
    try refuse("steps", nil, says: "'steps' is missing")
    try refuse("first.0", StoredTensor(shape: [2], floats: [1, 1]), says: "instead of [1, 2]")
    try refuse("second.0", StoredTensor(shape: [1, 2], floats: [1, -1]), says: "negative")
    try refuse("second.1", nil, says: "'second.1' is missing")
    try good.write(to: path)
    expectRefusal("'accumulator.0' is missing", adagrad: true)
  }

  @Test(
    arguments: [
      (.min, [1, 2]), (0, [1, 2]), (3, [1, 2]), (.max, [1, 2]), (1, []), (.min, [.min, 2]),
      (2, [1, 2, 2]), (2, [2, 1]),
    ] as [(Int, [Int])])
  func impossibleRecordsAreRefused(best: Int, epochs: [Int]) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var file = try checkpoint()
    file.metadata["training_record"] = Self.record(best: 2, epochs: [1, 2])
    try file.write(to: path)
    try train(TrainerTests.layer(), epochs: 2, resume: true)
    file.metadata["training_record"] = Self.record(best: best, epochs: epochs)
    try file.write(to: path)
    expectRefusal("contradict each other")
  }

  private static func record(best: Int, epochs: [Int]) -> String {
    func entry(_ epoch: Int) -> String {
      "{\"epoch\":\(epoch),\"loss\":0.5,\"score\":1,\"batches\":2}"
    }
    let list = epochs.map(entry).joined(separator: ",")
    return "{\"best\":\(entry(best)),\"epochs\":[\(list)]}"
  }

  /// Flips, cuts and insertions anywhere.
  @Test func survivesMutations() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try checkpoint()
    let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let untouched = TrainerTests.layer().weight.value.scalars
    var random = RandomStream(seed: 7)
    var failures = 0
    for round in 0..<1000 {
      var bytes = good
      for _ in 0...random.next(below: 3) {
        let place = random.next(below: bytes.count)
        switch round % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next(below: 256))
        case 1: bytes[place] ^= 1 << UInt8(random.next(below: 8))
        case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next(below: 256)), at: place)
        default: bytes.removeSubrange(place..<min(place + 1 + random.next(below: 9), bytes.count))
        }
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let layer = TrainerTests.layer()
      do {
        try train(layer, epochs: 3, resume: true)
      } catch {
        failures += 1
        if !(error is TrainingError) { #expect(layer.weight.value.scalars == untouched) }
      }
    }
    #expect(failures > 500 && failures < 1000)
  }
}
