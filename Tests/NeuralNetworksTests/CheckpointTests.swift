import Foundation
import NeuralNetworks
import Tensors
import Testing

/// Parameters and trainings survive on disk.
struct CheckpointTests {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("checkpoint-\(UInt64.random(in: 0 ... .max)).safetensors").path

  @Test func parametersRoundTripBitForBit() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let saved = LayerTests.Everything(seed: 1)
    let loaded = LayerTests.Everything(seed: 2)
    try ParameterList(saved).save(to: path)
    try ParameterList(loaded).load(from: path)
    #expect(saved(.inference()).item() == loaded(.inference()).item())
  }

  @Test func everyMisfitIsListedAndNothingChanges() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = TrainerTests.layer()
    let before = model.weight.value.scalars
    let wrong = ["weight": [1, 3], "extra": [1]].mapValues { shape in
      StoredTensor(shape: shape, floats: [Float](repeating: 0, count: shape.reduce(1, *)))
    }
    try SafetensorsFile(tensors: wrong).write(to: path)
    #expect {
      try ParameterList(model).load(from: path)
    } throws: { error in
      let text = "\(error)"
      return text.contains("'weight' has shape [1, 3] instead of [1, 2]")
        && text.contains("'bias' [1] is missing")
        && text.contains("'extra' belongs to no parameter")
        && text.contains(path)
    }
    #expect(model.weight.value.scalars == before)
  }

  /// Where the last epoch before the stop is not the best one, training goes on from the last and
  /// still knows the best.
  @Test(arguments: [[], [3], [3, 4, 5, 6]])
  func aResumedTrainingEndsWithTheSameBits(badEpochs: [Int]) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    func train(_ layer: Linear, epochs: Int, checkpoint: Checkpoint?) throws {
      var epoch = 0
      let record = try Trainer(epochs: epochs, patience: 10, seed: 3).fit(
        layer, optimizer: Adam(ParameterList(layer).trainable, learningRate: 0.01),
        batches: {
          epoch = $0
          return TrainerTests.batches($0)
        }, loss: { TrainerTests.loss(layer, $0, $1) },
        validate: { badEpochs.contains(epoch) ? -1e6 : TrainerTests.score(layer) },
        checkpoint: checkpoint)
      #expect(record.best?.epoch == (1...epochs).last { !badEpochs.contains($0) })
    }
    let whole = TrainerTests.layer()
    try train(whole, epochs: 6, checkpoint: nil)
    try train(TrainerTests.layer(), epochs: 3, checkpoint: Checkpoint(path: path, resume: false))
    let resumed = TrainerTests.layer()
    try train(resumed, epochs: 6, checkpoint: Checkpoint(path: path, resume: true))
    #expect(resumed.weight.value.scalars == whole.weight.value.scalars)
    #expect(resumed.bias?.value.scalars == whole.bias?.value.scalars)
  }

  /// Stopped in the middle of a cosine, with momentum and an average on the way.
  @Test(arguments: [nil, WeightAverage(decay: 0.97)])
  func aScheduleGoesOnWhereItStopped(average: WeightAverage?) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    struct Stop: Error {}
    func train(_ layer: Linear, stopAfter last: Int?, resume: Bool) throws {
      let groups = ParameterGroup.splitDecay(ParameterList(layer), weightDecay: 1e-3)
      var (steps, epoch) = ([Int](), 0)
      let trainer = Trainer(
        epochs: 6, patience: 10, clipNorm: 1, seed: 3,
        schedule: .cosine(epochs: 6, warmupEpochs: 1.5, stepsPerEpoch: 20), average: average)
      try trainer.fit(
        layer, optimizer: SGD(groups, learningRate: 0.1, nesterov: true),
        batches: {
          epoch = $0
          return TrainerTests.batches($0)
        }, loss: { TrainerTests.loss(layer, $0, $1) },
        validate: {
          if let last, epoch > last { throw Stop() }
          return TrainerTests.score(layer)
        },
        checkpoint: last == nil && !resume ? nil : Checkpoint(path: path, resume: resume),
        eachStep: { steps.append($0.step) })
      #expect(steps.last == 119 && steps.first == (resume ? 60 : 0))
    }
    let whole = TrainerTests.layer()
    try train(whole, stopAfter: nil, resume: false)
    #expect(throws: Stop.self) {
      try train(TrainerTests.layer(), stopAfter: 3, resume: false)
    }
    let resumed = TrainerTests.layer()
    try train(resumed, stopAfter: nil, resume: true)
    #expect(resumed.weight.value.scalars == whole.weight.value.scalars)
    #expect(resumed.bias?.value.scalars == whole.bias?.value.scalars)
  }

  /// Files of earlier versions are read by these names.
  @Test func namesInTheFileStay() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    func train(_ average: WeightAverage?, resume: Bool, adam: Bool = true) throws {
      let layer = TrainerTests.layer()
      let parameters = ParameterList(layer).trainable
      let optimizer: any Optimizer =
        adam
        ? Adam(parameters)
        : SGD([ParameterGroup(parameters: parameters)], learningRate: 0.1)
      try Trainer(epochs: 1, average: average).fit(
        layer, optimizer: optimizer, batches: TrainerTests.batches,
        loss: { TrainerTests.loss(layer, $0, $1) }, validate: { 0 },
        checkpoint: Checkpoint(path: path, resume: resume))
    }
    let common = ["best.bias", "best.weight", "model.bias", "model.weight"]
    let moments = ["first.0", "first.1", "second.0", "second.1", "steps"].map { "optimizer." + $0 }
    try train(nil, resume: false)
    #expect(try SafetensorsFile.read(path).tensors.keys.sorted() == (common + moments).sorted())
    let error = #expect(throws: CheckpointError.self) {
      try train(WeightAverage(decay: 0.9), resume: true)
    }
    #expect(error?.description.contains("averaged weights are missing") == true)

    try train(WeightAverage(decay: 0.9), resume: false, adam: false)
    let names = try SafetensorsFile.read(path).tensors.keys.sorted()
    let others =
      ["average.bias", "average.weight"] + ["optimizer.velocity.0", "optimizer.velocity.1"]
    #expect(names == (common + others).sorted())
    #expect(throws: CheckpointError.self) { try train(nil, resume: true, adam: false) }
  }

  @Test func anotherFingerprintIsNotResumed() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    func train(_ layer: Linear, fingerprint: String, resume: Bool) throws {
      try Trainer(epochs: 1).fit(
        layer, optimizer: Adam(ParameterList(layer).trainable), batches: TrainerTests.batches,
        loss: { TrainerTests.loss(layer, $0, $1) }, validate: { 0 },
        checkpoint: Checkpoint(path: path, resume: resume, fingerprint: fingerprint))
    }
    let trained = TrainerTests.layer()
    try train(trained, fingerprint: "learning_rate 0.1", resume: false)
    let other = TrainerTests.layer()
    let before = other.weight.value.scalars
    for fingerprint in ["learning_rate 0.2", ""] {
      #expect {
        try train(other, fingerprint: fingerprint, resume: true)
      } throws: { error in
        "\(error)".contains(path) && "\(error)".contains("changed since the checkpoint")
          && "\(error)".contains("--resume")
      }
    }
    #expect(other.weight.value.scalars == before)
    try train(other, fingerprint: "learning_rate 0.1", resume: true)
    #expect(other.weight.value.scalars == trained.weight.value.scalars)
  }

  @Test func aForeignFileIsNoCheckpoint() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let layer = TrainerTests.layer()
    try ParameterList(layer).save(to: path)
    #expect(throws: CheckpointError.self) {
      try Trainer(epochs: 1).fit(
        layer, optimizer: Adam(ParameterList(layer).trainable), batches: TrainerTests.batches,
        loss: { TrainerTests.loss(layer, $0, $1) }, validate: { 0 },
        checkpoint: Checkpoint(path: path, resume: true))
    }
  }
}
