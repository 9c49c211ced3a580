import ArgumentParser
import Vitrine

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Judge models and slates, with confidence intervals.",
    subcommands: [Ranker.self, Slates.self, Policy.self, Curve.self],
    defaultSubcommand: Ranker.self)

  struct Slates: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Clicks, NDCG and diversity of arranged lists.",
      discussion: """
        Each measure needs its source: --truth, --log or requests whose items say clicked, --cache, \
        categories. Differences are paired by request; p is two-sided, from the same draws.
        """)
    @Argument(help: "Slates, as rank or rerank wrote them (JSON Lines).") var slates: String
    @Option(help: "Other slates for the same requests, to compare with in pairs.")
    var against: String?
    @Option(help: "The requests that were answered (JSON Lines).") var requests: String
    @Option(help: "Positions that count.") var top = 10
    @Option(help: "The simulated world (truth.json): exact expected clicks.") var truth: String?
    @Option(help: "A ranker's training configuration: its log gives the clicks for NDCG.")
    var log: String?
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup var options: DataOptions

    func validate() throws {
      if top < 1 { throw ValidationError("--top \(top) must be at least 1") }
    }

    func run() throws {
      let judge = try SlateJudge(
        top: top, requests: requests, truth: truth, cache: options.cache,
        log: try log.map(options.read))
      let report = try judge.report(slates: slates, against: against)
      if json { return try Console.print(json: report) }
      var table = TextTable([
        "metric", "value", "95 % interval", "", "difference", "95 % interval", "p",
      ])
      for metric in report.metrics {
        let change = report.differences.first { $0.metric == metric.metric }
        table.add(
          metric.cells
            + (change.map { [""] + $0.signedCells.dropFirst() + [$0.p?.text() ?? ""] } ?? []))
      }
      Console.print(table.text)
      Console.say("\(report.slates) slates, the first \(top) positions of each")
    }
  }
}
