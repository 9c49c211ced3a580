import ArgumentParser
import Vitrine

struct RerankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerank", abstract: "Arrange ranked lists of any ranker into slates (JSON Lines).",
    discussion: """
      Items need an id and a score; category and everything else are optional. A slate model goes \
      first, then diversity, then the cut to --top.
      """)

  enum Diversity: String, ExpressibleByArgument, CaseIterable {
    case none, mmr
  }

  @Option(help: "A seq2slate bundle; without one, the ranker's order stands.")
  var model: String?

  @Option(help: "How near-duplicates are kept apart.")
  var diversity = Diversity.none

  @Option(help: "Relevance against diversity: 1 keeps the order, 0 looks only at diversity.")
  var tradeOff = 0.7

  @Option(help: "Length of a slate.")
  var top = 10

  @Option(help: "The feature cache, for visual similarity and models that look at images.")
  var cache: String?

  @Flag(help: "Say of every item why it stands where it stands.")
  var explain = false

  @Argument(help: "The file to read; - is standard input.")
  var file = "-"

  func validate() throws {
    if top < 1 { throw ValidationError("--top \(top) must be at least 1") }
    if !(0...1).contains(tradeOff) {
      throw ValidationError("--trade-off \(tradeOff) must lie from 0 to 1")
    }
  }

  func run() throws {
    let reranker = try SlateArranger.load(
      .init(
        model: model, cache: cache,
        diversity: diversity == .mmr ? try MMR(tradeOff: tradeOff) : nil,
        options: .init(top: top, explains: explain)))
    let count = try RequestStream.rerank(file, with: reranker)
    Console.say("\(count) slates")
  }
}
