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

  /// A network, what it reads and how it is trained.
  struct Killed: Sendable, CustomTestStringConvertible {
    var model: String
    var schema = "categorical: [user, item, device]"
    var epochs = 16
    var training = ""

    var testDescription: String { model }
  }

  /// SIGKILL at a moment that nobody chose, twice, in networks that draw dropout, follow a schedule, count
  /// the ids of the training rows beforehand, keep moving statistics, and weigh tasks as they go.
  @Test(arguments: [
    Killed(
      model: "{kind: deepfm, width: 8, hidden: [64, 64], dropout: 0.1}", epochs: 30,
      training: ", schedule: {kind: cosine, warmup_epochs: 1}"),
    Killed(
      model: "{kind: mlp, width: 8, hidden: [64, 64], dropout: 0.2}", epochs: 30,
      training: ", schedule: {kind: step, step_epochs: 7}"),
    Killed(
      model: "{kind: din, width: 4, attention_hidden: [8], hidden: [16, 8], dropout: 0.1, "
        + "regularization: {lambda: 0.1}}",
      schema: "categorical: [user, item, device], multi_valued: [{name: history, limit: 5}]"),
    Killed(
      model: "{kind: sli_rec, width: 4, long_term_units: 8, attention_hidden: [8], "
        + "fusion_hidden: [8], hidden: [16, 8], dropout: 0.1}",
      schema: "categorical: [user, item], "
        + "multi_valued: [{name: history, ages: true, limit: 5}]"),
    Killed(
      model: "{kind: mmoe, width: 4, experts: 2, expert: [8], tower: [8], gate_dropout: 0.1, "
        + "learned_weights: true}",
      schema: "categorical: [user, item, device], tasks: [purchase]"),
  ])
  func aKilledTrainingGoesOnToTheSameModel(_ killed: Killed) throws {
    let folder = try world()
    try folder.write(
      """
      model: \(killed.model)
      data: {impressions: data/impressions.csv, split: {validation: 0.2, test: 0.2}}
      schema: {\(killed.schema)}
      training: {epochs: \(killed.epochs), patience: 30, batch_size: 64\(killed.training)}
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
