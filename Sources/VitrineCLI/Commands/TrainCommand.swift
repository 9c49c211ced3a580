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

      Beside a ranker appear OUTPUT.report.json and OUTPUT.curves.svg. With --warm-start, a network \
      starts from another one: rows of tables by their ids, everything else by name. Its tables stay \
      as they are for --freeze-epochs, and all learn at a tenth of the rate afterwards.
      """)

  @Argument(help: "The configuration (YAML).")
  var configuration: String

  @Option(help: "The bundle to write: a folder.")
  var output: String

  @Flag(help: "Go on from the checkpoint of a training that was stopped.")
  var resume = false

  @Option(help: "The bundle of a network to start from.")
  var warmStart: String?

  @Option(help: "Epochs in which the tables taken over do not move.")
  var freezeEpochs: Int?

  @Flag(help: "One JSON document: the record of the training.")
  var json = false

  @OptionGroup var options: DataOptions

  func validate() throws {
    guard let freezeEpochs else { return }
    if warmStart == nil { throw ValidationError("--freeze-epochs needs --warm-start") }
    if !(0...100_000).contains(freezeEpochs) {
      throw ValidationError("--freeze-epochs \(freezeEpochs) must be from 0 to 100000")
    }
  }

  func run() async throws {
    if try JointTrainingFile.isJoint(path: configuration) {
      if let warmStart {
        throw ValidationError("--warm-start \(warmStart): a joint training has encoder.initial")
      }
      return try await JointRun.run(
        options.readJoint(configuration), output: output, resume: resume, json: json)
    }
    let file = try options.read(configuration)
    let (output, checkpoint, resumes) = (output, output + ".checkpoint", resume)
    let begin = ContinuousClock.now
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: output).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    let start = warmStart.map { WarmStart(path: $0, freezeEpochs: freezeEpochs ?? 1) }
    let training = Task {
      let line = TrainingLine()
      defer { line.end() }
      return try ModelTraining(file, warmStart: start).run(
        output: output, checkpoint: checkpoint, resume: resumes,
        say: { text in
          line.end()
          Console.say(text)
        }, progress: line.show)
    }
    let interrupt = Interrupt { training.cancel() }
    do {
      let summary = try await training.value
      if json { return try Console.print(json: summary) }
      let seconds = begin.duration(to: .now) / .seconds(1)
      Console.say(
        "\(output): best epoch \(summary.record.best?.epoch ?? 0) of"
          + " \(summary.record.epochs.count), \(summary.examples) examples, \(seconds.text(1)) s")
    } catch is CancellationError {
      throw interrupt.stopped(keeping: checkpoint, resumed: resumes)
    }
  }
}
