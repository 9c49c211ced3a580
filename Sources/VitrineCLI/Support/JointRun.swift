import Foundation
import Vitrine

/// A joint training from the command line, for whichever command a configuration was given to.
enum JointRun {
  static func run(
    _ file: JointTrainingFile, output: String, resume: Bool, json: Bool
  ) async throws {
    let checkpoint = output + ".checkpoint"
    let start = ContinuousClock.now
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: output).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    let training = Task {
      let line = TrainingLine()
      defer { line.end() }
      return try JointTraining(file).run(
        output: output, checkpoint: checkpoint, resume: resume,
        say: { text in
          line.end()
          Console.say(text)
        }, progress: line.show)
    }
    let interrupt = Interrupt { training.cancel() }
    do {
      let summary = try await training.value
      if json { return try Console.print(json: summary) }
      let seconds = start.duration(to: .now) / .seconds(1)
      let record = summary.training.record
      Console.say(
        "\(output): best epoch \(record.best?.epoch ?? 0) of \(record.epochs.count),"
          + " \(summary.vectors) vectors for \(summary.items) items, validation AUC as stored"
          + " \(summary.validation.auc.text(4)), \(seconds.text(1)) s; curves in"
          + " \(output).curves.svg")
    } catch is CancellationError {
      throw interrupt.stopped(keeping: checkpoint, resumed: resume)
    }
  }
}
