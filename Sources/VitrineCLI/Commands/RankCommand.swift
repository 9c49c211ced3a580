import ArgumentParser
import Vitrine

struct RankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Score and sort the candidates of requests (JSON Lines).",
    discussion: """
      Reads requests, writes one ranked list a line, best first; 'rerank' reads that. Unknown users, \
      items and categories are legal: they score through their reserved row and are counted.
      """)

  @Option(help: "A ranker's bundle.")
  var model: String

  @Option(
    help: "The feature cache, if not the model's own; without any, all images count as missing.")
  var cache: String?

  @Option(help: "Item features (CSV) for requests that bring only ids.")
  var catalogue: String?

  @Option(help: "Corrections of scores by people, each with its end (YAML).")
  var overrides: String?

  @Argument(help: "The file to read; - is standard input.")
  var file = "-"

  func run() throws {
    let ranker = try RequestRanker(
      model: model, cache: cache, catalogue: catalogue, overrides: overrides)
    if let summary = ranker.overridesSummary { Console.say(summary) }
    if ranker.readsVisualFeatures, !ranker.hasVisualFeatures {
      Console.say("note: the model looks at images, but there is no --cache: all count as missing")
    }
    let (lists, report) = try RequestStream.rank(file, with: ranker)
    Console.say(RequestStream.summary(lists, report))
  }
}
