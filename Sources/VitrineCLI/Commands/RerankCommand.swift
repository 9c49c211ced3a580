import ArgumentParser
import Vitrine

struct RerankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerank", abstract: "Arrange ranked lists of any ranker into slates (JSON Lines).",
    discussion: """
      Items need an id and a score; everything else is optional. The rules' eligibility and \
      near-duplicates go first, then the slate model, then diversity within the caps and around the \
      pins, then the cut to --top.
      """)

  @Option(help: "A slate model's bundle; without one, the ranker's order stands.")
  var model: String?

  @OptionGroup(title: "Decoding of the slate model") var decoding: DecodingOptions

  @OptionGroup(title: "Diversity") var diversity: DiversityOptions

  @Option(help: "A shop's rules: eligibility, near-duplicates, caps, pins (YAML).")
  var rules: String?

  @Option(help: "Length of a slate.")
  var top = 10

  @Option(help: "The feature cache, for visual similarity and models that look at images.")
  var cache: String?

  @Option(
    help: "The requests that were ranked, in the same order: item features and history for rules.")
  var requests: String?

  @Option(help: "Item features (CSV), for categories and rules.")
  var catalogue: String?

  @Flag(help: "Say of every item why it stands where it stands, and who was left out.")
  var explain = false

  @Argument(help: "The file to read; - is standard input.")
  var file = "-"

  func validate() throws {
    if top < 1 { throw ValidationError("--top \(top) must be at least 1") }
    if file == "-", requests == "-" {
      throw ValidationError("--requests and the lists cannot both be standard input")
    }
  }

  func run() throws {
    let reranker = try SlateArranger.load(
      .init(
        model: model, decoding: decoding.value, cache: cache, embeddings: diversity.embeddings,
        rules: rules, diversity: try diversity.diversifier(),
        similarity: try diversity.similarity(), options: .init(top: top, explains: explain)))
    let count = try RequestStream.rerank(
      file, with: reranker, requests: requests, catalogue: catalogue)
    Console.say("\(count) slates")
  }
}
