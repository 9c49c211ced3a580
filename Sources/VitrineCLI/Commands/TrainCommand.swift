import ArgumentParser
import Foundation
import Vitrine

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a ranker or a slate model from a YAML configuration.",
    discussion: """
      The bundle appears complete or not at all. A checkpoint beside it, OUTPUT.checkpoint, is \
      written after each epoch; --resume goes on from it and ends with the same bits as a training \
      that was never stopped.
      """)

  @Argument(help: "The configuration (YAML).")
  var configuration: String

  @Option(help: "The bundle to write: a folder.")
  var output: String

  @Flag(help: "Go on from the checkpoint of a training that was stopped.")
  var resume = false

  @OptionGroup var options: DataOptions

  func run() throws {
    let file = try options.read(configuration)
    let start = ContinuousClock.now
    // Checkpoint and bundle are each replaced as a whole, so the process may end at any moment.
    let (checkpoint, resumes) = (output + ".checkpoint", resume)
    let interrupt = Interrupt { signal in
      let command = Interrupt.commandLine + (resumes ? "" : " --resume")
      Console.say(
        FileManager.default.fileExists(atPath: checkpoint)
          ? "\nstopped; the finished epochs are kept. To go on: \(command)"
          : "\nstopped before the end of the first epoch: nothing was kept")
      _exit(128 + signal)
    }
    defer { withExtendedLifetime(interrupt) {} }
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: output).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    let summary = try ModelTraining(file).run(
      output: output, checkpoint: checkpoint, resume: resume
    ) { Console.say($0) }
    let seconds = start.duration(to: .now) / .seconds(1)
    Console.say(
      "\(output): best epoch \(summary.record.best?.epoch ?? 0) of \(summary.record.epochs.count),"
        + " \(summary.examples) examples, \(seconds.text(1)) s")
  }
}
