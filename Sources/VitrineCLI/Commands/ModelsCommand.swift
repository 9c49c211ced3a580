import ArgumentParser
import Vitrine

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "The kinds of models that can be trained, or all about one.",
    discussion: """
      'vitrine models din' shows the keys of model and training with their defaults, and a \
      configuration that trains: write it to a file beside the impressions and catalogue of \
      'vitrine dataset simulate'.
      """)

  @Argument(help: "A kind.")
  var kind: String?

  @Flag(help: "One JSON document.")
  var json = false

  func run() throws {
    guard let kind else { return try list() }
    let guide = try ModelGuide(kind: kind)
    if json { return try Console.print(json: guide) }
    let summary = guide.summary
    var lines = ["\(guide.kind): \(summary.title)"]
    if !summary.paper.isEmpty { lines.append(summary.paper) }
    if !summary.reads.isEmpty { lines += ["", summary.reads] }
    Console.print(lines.joined(separator: "\n") + "\n")
    for (section, keys) in [("model", guide.model), ("training", guide.training)]
    where !keys.isEmpty {
      Console.print("\(section):")
      let width = keys.map(\.name.count).max() ?? 0
      for key in keys {
        let padding = String(repeating: " ", count: width - key.name.count)
        Console.print("  \(key.name)\(padding)  \(key.usual ?? "-")")
      }
      Console.print("")
    }
    Console.print("example:\n")
    Console.print(guide.example)
  }

  private func list() throws {
    let guides = try ModelGuide.kinds.map { try ModelGuide(kind: $0) }
    if json { return try Console.print(json: guides) }
    let kinds = guides.map(\.kind.count).max() ?? 0
    let titles = guides.map(\.summary.title.count).max() ?? 0
    for guide in guides {
      let (kind, title) = (guide.kind, guide.summary.title)
      let line =
        kind + String(repeating: " ", count: kinds - kind.count + 2) + title
        + String(repeating: " ", count: titles - title.count + 2) + guide.summary.paper
      Console.print(line)
    }
  }
}
