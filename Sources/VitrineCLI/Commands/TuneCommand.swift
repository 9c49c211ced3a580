import ArgumentParser
import Foundation
import Vitrine

struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Look for a ranker's best configuration.",
    discussion: """
      The configuration is that of a training with a section 'search'. Trials are judged on the \
      validation rows alone; the winner scores the test rows once. OUTPUT holds trials.jsonl, \
      results.csv, search.svg, best.yaml, the winner's bundle 'best', and test.json. The same command \
      goes on where a search was stopped, and a random search may be given more trials.
      """)

  @Argument(help: "A ranker's training configuration with a section 'search' (YAML).")
  var configuration: String

  @Option(help: "The folder to write to.")
  var output: String

  @Flag(inversion: .prefixedNo, help: "Score the test rows with the winner.")
  var test = true

  @Flag(help: "Say what would be tried, and try nothing.")
  var dryRun = false

  @Flag(help: "One JSON document.")
  var json = false

  @OptionGroup var options: DataOptions

  func run() async throws {
    let tuning = try options.readTuning(configuration)
    if dryRun { return Console.print(tuning.plan) }
    let (output, test) = (output, test)
    let search = Task {
      try await tuning.run(output: output, judgesTest: test) { Console.say($0) }
    }
    let interrupt = Interrupt { search.cancel() }
    do {
      let summary = try await search.value
      if json { return try Console.print(json: summary) }
      show(summary)
    } catch is CancellationError {
      Console.say(
        "stopped; the finished trials are kept in \(output). To go on: \(Interrupt.commandLine)")
      throw ExitStatus.interrupted(interrupt.flag.signal ?? SIGINT)
    }
  }

  private func show(_ summary: TuningSummary) {
    let keys = summary.best.values.keys.sorted()
    let last = summary.trials.map(\.rung).max() ?? 0
    var table = TextTable(["trial", summary.metric, "seconds"] + keys)
    let ranked = summary.trials.filter { $0.rung == last && $0.score != nil }
      .sorted { ($0.score ?? 0, -$0.trial) > ($1.score ?? 0, -$1.trial) }
    for trial in ranked.prefix(10) {
      table.add(
        ["\(trial.trial)", trial.score?.text() ?? "", trial.seconds.text(1)]
          + keys.map { trial.values[$0] ?? "" })
    }
    Console.print(table.text)
    if let report = summary.test {
      var test = TextTable(["test", "value", "95 % interval"])
      for metric in report.metrics { test.add(metric.cells) }
      Console.print("\n" + test.text)
    }
    let failed = summary.trials.count { $0.score == nil }
    Console.say(
      "\(summary.trials.count) trainings, \(failed) failed; the best is trial"
        + " \(summary.best.trial): \(output)/best, as configured in \(output)/best.yaml")
  }
}
