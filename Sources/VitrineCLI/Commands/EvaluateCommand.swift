import ArgumentParser
import Foundation
import Vitrine

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Judge models and slates, with confidence intervals.",
    subcommands: [Ranker.self, Slates.self], defaultSubcommand: Ranker.self)

  struct Ranker: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "AUC, GAUC, NDCG@10 and log loss of a ranker on a part of a log.",
      discussion: """
        --model and --against may be given several times, for trainings of one model with different \
        seeds: means are compared, the interval is over users, and the spread over trainings stands \
        beside it.
        """)
    @Argument(help: "A ranker's training configuration: it names the log and the split.")
    var configuration: String
    @Option(help: "The ranker's bundle.") var model: [String]
    @Option(help: "Another bundle, to compare with in pairs.") var against: [String] = []
    @Option(help: "The part of the log.") var part = DataSource.Part.test
    @Option(help: "Only impressions of the items in this file, one id a line.") var items: String?
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup var options: DataOptions

    func run() throws {
      var judge = try RankerJudge(try options.read(configuration), part: part)
      judge.items = try items.map(Self.lines)
      let report = try judge.report(models: model, against: against)
      if json { return try Console.print(json: report) }
      let spread = model.count > 1 ? ["deviation"] : []
      var table = TextTable(["metric", "value", "95 % interval"] + spread)
      func add(_ metric: MetricEstimate, _ cells: [String]) {
        table.add(cells + (metric.spread.map { [$0.text()] } ?? []))
      }
      for metric in report.metrics { add(metric, metric.cells) }
      for metric in report.differences {
        var cells = metric.signedCells
        cells[0] += " against \(URL(fileURLWithPath: against[0]).lastPathComponent)"
        add(metric, cells)
      }
      Console.print(table.text)
      Console.say(summary(report))
    }

    private static func lines(_ path: String) throws -> Set<String> {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw ValidationError("--items \(path): the file cannot be read")
      }
      return Set(text.split(whereSeparator: \.isNewline).map(String.init))
    }

    private func summary(_ report: RankerReport) -> String {
      func percent(_ share: Double) -> String { "\((100 * share).text(1)) %" }
      var lines = ["\(report.rows) impressions of \(report.users) users"]
      if let unknown = report.unknownItems {
        lines.append("\(percent(unknown)) of them show items that the model does not know")
      }
      if report.requestsWithoutPositive > 0 {
        lines.append(
          "NDCG leaves out \(percent(report.requestsWithoutPositive)) of the requests, which have no"
            + " positive label")
      }
      if report.impressionsWithoutPair > 0 {
        lines.append(
          "GAUC leaves out \(percent(report.impressionsWithoutPair)) of the impressions, whose users"
            + " have labels of one kind only")
      }
      return lines.joined(separator: "\n")
    }
  }

  struct Slates: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Clicks, NDCG and diversity of arranged lists.",
      discussion: "Each measure needs its source: --truth, --configuration (a log), --cache.")
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
      var table = TextTable(["metric", "value", "95 % interval", "", "difference", "95 % interval"])
      for metric in report.metrics {
        let change = report.differences.first { $0.metric == metric.metric }
        table.add(metric.cells + (change.map { [""] + $0.signedCells.dropFirst() } ?? []))
      }
      Console.print(table.text)
      Console.say("\(report.slates) slates, the first \(top) positions of each")
    }
  }
}
