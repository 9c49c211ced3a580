import FileSupport
import Foundation
import Testing

@Suite struct EncoderTrainTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var rows = ["id,path,label"]
    for name in ["hat", "pants", "shoes"] {
      for number in 1...8 {
        let id = "\(name)-00\(number)"
        rows.append("\(id),\(Photos.path(id)),\(name)")
      }
    }
    rows.append("broken,absent.jpg,hat")
    // The same bytes as a picture of the test.
    rows.append("again,\(Photos.path("hat-020")),hat")
    try folder.write(rows.joined(separator: "\n") + "\n", to: "train.csv")
    try folder.write(
      "id,path,label\na,\(Photos.path("hat-020")),hat\nb,\(Photos.path("shoes-020")),shoes\n",
      to: "test.csv")
    try write(epochs: 6, to: "train.yaml")
  }

  private func write(epochs: Int, to name: String) throws {
    try folder.write(
      """
      objective: classification
      architecture: resnet18half
      attention: category
      preprocessing: {resize: 36, crop: 32, crop_mode: squash}
      data: {train: train.csv, validation: 0.25, test: test.csv}
      training: {epochs: \(epochs), batch_size: 12, learning_rate: 0.01, schedule: constant}
      weights: fp16
      """, to: name)
  }

  private func run(_ line: String, status: Int32 = 0) throws -> Command {
    let run = try Command(line.split(separator: " ").map(String.init), in: folder.path)
    #expect(run.status == status, "vitrine \(line): \(run.errors)")
    return run
  }

  @Test func anEncoderIsTrainedStoppedAndResumed() throws {
    let whole = try run("encoder train train.yaml --output whole --json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(whole.output.utf8)) as? [String: Any])
    #expect((report["step_images_per_second"] as? Double ?? 0) > 0)
    #expect(report["duplicates"] as? [String] == ["again"])
    #expect((report["unreadable"] as? [[String: Any]])?.first?["id"] as? String == "broken")
    #expect((report["test"] as? [String: Any])?["images"] as? Int == 2)
    for part in ["3 classes", "epoch 6 of 6", "left out, since they cannot be read: 1", "broken"] {
      #expect(whole.errors.contains(part), "\(part): \(whole.errors)")
    }
    let written = ["whole", "whole.confusion.svg", "whole.curves.svg", "whole.report.json"]
    #expect(try names(in: folder.path).filter { $0.hasPrefix("whole") } == written)
    #expect(try text(of: folder("whole.confusion.svg")).contains("pants"))
    let inspected = try run("encoder inspect whole").output
    for part in ["classification of 3 classes", "resnet18half", "pants"] {
      #expect(inspected.contains(part), "\(inspected)")
    }
    #expect(try run("extract test.csv --encoder whole --cache cache").status == 0)

    let running = try RunningCommand(
      ["encoder", "train", "train.yaml", "--output", "part"], in: folder.path)
    #expect(running.wait { running.errors.contains("epoch 2 of 6") })
    running.send(SIGINT)
    let stopped = running.finish()
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("--output part --resume"))
    #expect(!FileManager.default.fileExists(atPath: folder("part")))
    let resumed = try run("encoder train train.yaml --output part --resume")
    #expect(!resumed.errors.contains("epoch 1 of 6: loss"))
    for name in ["encoder.json", "weights.safetensors"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("part/\(name)"), andPath: folder("whole/\(name)")), "\(name)")
    }

    let taken = try run("encoder train train.yaml --output whole", status: 2)
    #expect(taken.errors.contains("choose another --output"), "\(taken.errors)")
    try folder.write(
      try text(of: folder("train.yaml")) + "\ninitial: whole\n", to: "more.yaml")
    #expect(try run("encoder train more.yaml --output more").status == 0)
  }

  @Test func whatIsWrongIsNamed() throws {
    let absent = try run("encoder train absent.yaml --output e", status: 2)
    #expect(absent.errors.contains("absent.yaml"))
    try folder.write("objective: classification\narchitecture: resnet81\n", to: "bad.yaml")
    let bad = try run("encoder train bad.yaml --output e", status: 2)
    for part in ["bad.yaml:2", "resnet81", "resnet18"] {
      #expect(bad.errors.contains(part), "\(bad.errors)")
    }
    try folder.write("id,path,label\na,a.jpg,x\nb,b.jpg,y\n", to: "train.csv")
    let few = try run("encoder train train.yaml --output e", status: 2)
    #expect(few.errors.contains("test.csv:2"), "\(few.errors)")
    #expect(try names(in: folder.path).filter { $0.hasPrefix("e") }.isEmpty)
  }
}
