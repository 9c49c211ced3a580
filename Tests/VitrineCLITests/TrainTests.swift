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
}
