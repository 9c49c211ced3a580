import ArgumentParser
import Foundation
import Vitrine

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a ranker or a slate model from a YAML configuration.",
    discussion: """
      The bundle appears complete or not at all. A checkpoint beside it, OUTPUT.checkpoint, is \
      written after each epoch; --resume goes on from it and ends with the same bits as a training \
      that was never stopped. With objective: clicks, an encoder is trained together with the ranker, \
      and OUTPUT holds both and the lookup table of all vectors.
      """)

  @Argument(help: "The configuration (YAML).")
  var configuration: String

  @Option(help: "The bundle to write: a folder.")
  var output: String

  @Flag(help: "Go on from the checkpoint of a training that was stopped.")
  var resume = false

  @Flag(help: "One JSON document: the record of the training.")
  var json = false

  @OptionGroup var options: DataOptions

  func run() async throws {
    if try JointTrainingFile.isJoint(path: configuration) {
      return try await JointRun.run(
        options.readJoint(configuration), output: output, resume: resume, json: json)
    }
    let file = try options.read(configuration)
    let (output, checkpoint, resumes) = (output, output + ".checkpoint", resume)
    let start = ContinuousClock.now
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: output).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    let training = Task {
      try ModelTraining(file).run(output: output, checkpoint: checkpoint, resume: resumes) {
        Console.say($0)
      }
    }
    let interrupt = Interrupt { training.cancel() }
    do {
      let summary = try await training.value
      if json { return try Console.print(json: summary) }
      let seconds = start.duration(to: .now) / .seconds(1)
      Console.say(
        "\(output): best epoch \(summary.record.best?.epoch ?? 0) of"
          + " \(summary.record.epochs.count), \(summary.examples) examples, \(seconds.text(1)) s")
    } catch is CancellationError {
      throw interrupt.stopped(keeping: checkpoint, resumed: resumes)
    }
  }
}
