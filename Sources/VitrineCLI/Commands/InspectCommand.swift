import ArgumentParser
import Foundation
import Vitrine

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a ranker reads, how it was trained, what it weighs.",
    discussion: """
      Of boosted trees it shows how much each feature gained, of linear models the largest weights. \
      For encoders see 'encoder inspect'.
      """)

  @Argument(help: "A ranker's bundle.")
  var model: String

  @Option(help: "Write a page that opens in a browser.")
  var output: String?

  @Option(help: "Features or weights to show.")
  var top = 20

  @Flag(help: "One JSON document.")
  var json = false

  func validate() throws {
    if top < 0 { throw ValidationError("--top \(top) must be at least 0") }
  }

  func run() throws {
    let inspection = try ModelInspection(path: model)
    if let output {
      let title = URL(fileURLWithPath: model).lastPathComponent
      try Data(inspection.html(title: title).utf8).write(
        to: URL(fileURLWithPath: output), options: .atomic)
      Console.say("\(output): written")
    }
    if json { return try Console.print(json: inspection) }
    let training = inspection.training
    var facts = [
      "\(inspection.kind), \(inspection.features.count) features, \(training.examples) examples",
      "best epoch \(training.record.best?.epoch ?? 0) of \(training.record.epochs.count)",
    ]
    facts += training.metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text())" }
    Console.say(facts.joined(separator: ", "))
    if !inspection.importance.isEmpty {
      var table = TextTable(["feature", "gain", "splits", "cover"])
      for entry in inspection.importance.prefix(top) {
        table.add([entry.feature, entry.gain.text(1), "\(entry.splits)", entry.cover.text(1)])
      }
      Console.print(table.text)
    } else if !inspection.weights.isEmpty {
      var table = TextTable(["weight of", "", ""])
      for entry in inspection.weights.prefix(top) {
        table.add([entry.feature, entry.value ?? "", entry.weight.text()])
      }
      Console.print(table.text)
    } else {
      var table = TextTable(["reads", "kind", "size"])
      for feature in inspection.features {
        table.add([feature.name, feature.kind, "\(feature.size)"])
      }
      Console.print(table.text)
    }
  }
}
