import ArgumentParser
import Foundation
import Vitrine

extension EncoderCommand {
  struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Train an encoder from a YAML configuration.",
      discussion: """
        With objective: classification, from a folder whose sub-folders are the classes or from a \
        manifest id,path,label. Beside the encoder appear OUTPUT.report.json, OUTPUT.curves.svg and \
        OUTPUT.confusion.svg. A checkpoint, OUTPUT.checkpoint, is written after each epoch; --resume \
        goes on from it and ends with the same bits as a training that was never stopped. With \
        objective: clicks, from a ranker's log together with the ranker; OUTPUT then holds encoder, \
        ranker and the table of all vectors.
        """)
    @Argument(help: "The configuration (YAML).") var configuration: String
    @Option(help: "The encoder to write: a folder that does not exist yet.") var output: String
    @Flag(help: "Go on from the checkpoint of a training that was stopped.") var resume = false
    @Flag(help: "One JSON document: the report of the training.") var json = false

    func run() async throws {
      switch try EncoderTraining.objective(of: configuration) {
      case .classification: try await trainClassification()
      case .clicks: try await trainClicks()
      }
    }

    /// `vitrine train` does the same with values from the command line.
    private func trainClicks() async throws {
      try await JointRun.run(
        JointTrainingFile(path: configuration), output: output, resume: resume, json: json)
    }

    private func trainClassification() async throws {
      let file = try EncoderTrainingFile(path: configuration)
      let (output, checkpoint, resumes) = (output, output + ".checkpoint", resume)
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: output).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      let training = Task {
        let line = TrainingLine()
        defer { line.end() }
        return try EncoderTraining.run(
          file, output: output, checkpoint: checkpoint, resume: resumes,
          say: { text in
            line.end()
            Console.say(text)
          }, progress: line.show)
      }
      let interrupt = Interrupt { training.cancel() }
      do {
        try report(await training.value)
      } catch is CancellationError {
        throw interrupt.stopped(keeping: checkpoint, resumed: resumes)
      }
    }

    private func report(_ summary: EncoderTrainingSummary) throws {
      if json { return try Console.print(json: summary) }
      Console.say(
        "\(output): best epoch \(summary.record.best?.epoch ?? 0) of \(summary.record.epochs.count),"
          + " \(summary.hash.prefix(12)), \(summary.seconds.text(0)) s")
      Console.say("validation: \(summary.validation.words)")
      if let test = summary.test { Console.say("test: \(test.words)") }
      if let rate = summary.stepImagesPerSecond {
        Console.say(
          "a step takes \(rate.text(0)) images/s, with waiting"
            + " \((summary.imagesPerSecond ?? 0).text(0))")
      }
      Console.say("to look at: \(output).report.json, .curves.svg, .confusion.svg")
    }
  }
}
