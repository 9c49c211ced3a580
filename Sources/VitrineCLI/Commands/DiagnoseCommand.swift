import ArgumentParser
import Foundation
import Vitrine

struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Find drift, leaks, train-serve skew, weak scenes and overfitting.",
    discussion: """
      Climbs a ladder: is the data right, do features know what they cannot know, is the same \
      computed in serving, has the world moved, does the model learn, does it learn by heart. \
      Findings come with evidence and what to do, the heaviest first. The exit status is 0 whether \
      or not something is found.
      """)
  @Argument(help: "A ranker's training configuration: it names the log and the split.")
  var configuration: String
  @Option(help: "The ranker's bundle.") var model: String
  @Option(help: "Write the report with its pictures to this HTML file.") var output: String?
  @Option(help: "Requests as served, features as logged and scores as given (JSON Lines).")
  var served: String?
  @Option(help: "A column of the log whose values are judged one by one.") var scene: String?
  @Flag(help: "One JSON document.") var json = false
  @OptionGroup var options: DataOptions

  func run() throws {
    var diagnosis = Diagnosis(try options.read(configuration), model: model)
    diagnosis.scene = scene
    diagnosis.served = served
    diagnosis.seed = options.seed ?? diagnosis.seed
    let report = try diagnosis.run { Console.say($0) }
    if let output {
      let title = URL(fileURLWithPath: model).lastPathComponent
      try report.html(title: title).write(toFile: output, atomically: true, encoding: .utf8)
    }
    if json { return try Console.print(json: report) }
    for finding in report.findings {
      Console.print(
        "\(finding.weight.rawValue): \(finding.kind.rawValue): \(finding.title)\n"
          + "  \(finding.evidence)\n  What to do: \(finding.remedy)")
    }
    Console.print("verdict: \(report.verdict.rung.rawValue): \(report.verdict.sentence)")
    if let output { Console.say("the report is in \(output)") }
  }
}
