import FileSupport
import Foundation
import Testing

@Suite struct TrainTests {
  /// Ctrl-C in the middle of a training, then what the message says.
  @Test func aStoppedTrainingGoesOnToTheSameModel() throws {
    let folder = try TemporaryFolder()
    let simulated = try Command(
      "dataset", "simulate", Photos.catalogue, "--output", folder("data"), "--sessions", "400",
      "--users", "40")
    #expect(simulated.status == 0)
    try folder.write(
      """
      model: {kind: deepfm, width: 8, hidden: [64, 64], dropout: 0.1}
      data: {impressions: data/impressions.csv, split: {validation: 0.2, test: 0.2}}
      schema: {categorical: [user, item, device]}
      training: {epochs: 60, patience: 60, batch_size: 64}
      """, to: "train.yaml")
    let running = try RunningCommand(["train", "train.yaml", "--output", "model"], in: folder.path)
    #expect(running.wait { running.errors.contains("epoch 3:") })
    running.send(SIGINT)
    let stopped = running.finish()
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("train train.yaml --output model --resume"))
    #expect(try names(in: folder.path) == ["data", "model.checkpoint", "train.yaml"])

    let resumed = try Command(
      "train", "train.yaml", "--output", "model", "--resume", in: folder.path)
    #expect(resumed.status == 0 && !resumed.errors.contains("epoch 1:"), "\(resumed.errors)")
    #expect(
      try Command("train", "train.yaml", "--output", "whole", in: folder.path).status == 0)
    for name in ["model.json", "transform.json", "weights.safetensors"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("model/\(name)"), andPath: folder("whole/\(name)")), "\(name)")
    }
  }

  private func world() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let simulated = try Command(
      "dataset", "simulate", Photos.catalogue, "--output", folder("data"), "--sessions", "400",
      "--users", "40")
    #expect(simulated.status == 0)
    return folder
  }

  /// SIGKILL at a moment that nobody chose, twice, in networks that draw dropout and follow a schedule.
  @Test(arguments: [
    (
      "{kind: deepfm, width: 8, hidden: [64, 64], dropout: 0.1}", "{kind: cosine, warmup_epochs: 1}"
    ),
    ("{kind: mlp, width: 8, hidden: [64, 64], dropout: 0.2}", "{kind: step, step_epochs: 7}"),
  ])
  func aKilledTrainingGoesOnToTheSameModel(_ model: String, _ schedule: String) throws {
    let folder = try world()
    try folder.write(
      """
      model: \(model)
      data: {impressions: data/impressions.csv, split: {validation: 0.2, test: 0.2}}
      schema: {categorical: [user, item, device]}
      training: {epochs: 30, patience: 30, batch_size: 64, schedule: \(schedule)}
      """, to: "train.yaml")
    for (epoch, flags) in [("epoch 3:", []), ("epoch 9:", ["--resume"])] {
      let running = try RunningCommand(
        ["train", "train.yaml", "--output", "model"] + flags, in: folder.path)
      #expect(running.wait { running.errors.contains(epoch) })
      running.send(SIGKILL)
      #expect(running.finish().status == 137)
    }
    let resumed = try Command(
      "train", "train.yaml", "--output", "model", "--resume", in: folder.path)
    #expect(resumed.status == 0 && !resumed.errors.contains("epoch 8:"), "\(resumed.errors)")
    #expect(try Command("train", "train.yaml", "--output", "whole", in: folder.path).status == 0)
    for name in ["model.json", "transform.json", "weights.safetensors"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("model/\(name)"), andPath: folder("whole/\(name)")), "\(name)")
    }
    #expect(
      try names(in: folder.path) == [
        "data", "model", "model.curves.svg", "model.report.json", "train.yaml", "whole",
        "whole.curves.svg", "whole.report.json",
      ])
  }

  @Test func aNetworkStartsFromAnother() throws {
    let folder = try world()
    try folder.write(
      """
      model: {kind: mlp, width: 4, hidden: [8]}
      data: {impressions: data/impressions.csv, split: {validation: 0.2, test: 0.2}}
      schema: {categorical: [user, item, device]}
      training: {epochs: 2, batch_size: 256}
      """, to: "train.yaml")
    #expect(try Command("train", "train.yaml", "--output", "old", in: folder.path).status == 0)
    let warm = try Command(
      "train", "train.yaml", "--output", "new", "--warm-start", "old", "--freeze-epochs", "2",
      in: folder.path)
    #expect(warm.status == 0 && warm.errors.contains("warm start from old"), "\(warm.errors)")
    let alone = try Command("train", "train.yaml", "--output", "x", "--freeze-epochs", "2")
    #expect(alone.status == 64 && alone.errors.contains("--warm-start"))
  }

  @Test func modelsAreListedAndExplained() throws {
    let list = try Command("models")
    #expect(list.status == 0 && list.lines.contains { $0.hasPrefix("deepfm ") }, "\(list.errors)")
    #expect(list.output.contains("seq2slate"))
    let one = try Command("models", "deepfm")
    for word in ["embedding_scale", "learning_rate", "IJCAI 2017", "kind: deepfm", "schema:"] {
      #expect(one.output.contains(word), "\(word)")
    }
    #expect(try Command("models", "--json").output.hasPrefix("["))
    let none = try Command("models", "deepfn")
    #expect(none.status == 2 && none.errors.contains("deepfm"))
  }
}
