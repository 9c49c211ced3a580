public import ArgumentParser
import Foundation
public import Vitrine

extension EvaluateCommand {
  struct Ranker: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "AUC, GAUC, NDCG, calibration and more of a ranker on a part of a log.",
      discussion: """
        --model and --against may be given several times, for trainings of one model with different \
        seeds: means are compared, the interval is over users, and the spread over trainings stands \
        beside it. A difference below that spread is called a tie.

        Metrics: \(RankerMetric.allCases.map(\.rawValue).joined(separator: ", ")). What a log gives \
        no meaning to is left out with a reason; the conventions are printed with every report.
        """)
    @Argument(help: "A ranker's training configuration: it names the log and the split.")
    var configuration: String
    @Option(help: "The ranker's bundle.") var model: [String]
    @Option(help: "Another bundle, to compare with in pairs.") var against: [String] = []
    @Option(help: "The part of the log.") var part = DataSource.Part.test
    @Option(help: "Only impressions of the items in this file, one id a line.") var items: String?
    @Option(help: "What to measure, separated by commas.") var metrics: String?
    @Option(help: "Positions that count in NDCG, precision, recall and hit rate.") var at = "10"
    @Option(help: "A column of the log: its values are judged one by one, too.") var by: String?
    @Option(help: "What a request without a relevant item counts: excluded, zero or one.")
    var emptyRequests = EmptyListPolicy.excluded
    @Option(help: "What a grade is worth in NDCG: exponential (2^grade - 1) or linear.")
    var gain = NDCG.Gain.exponential
    @Option(help: "Draw predictions against rates into this SVG file.")
    var calibrationPlot: String?
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup var options: DataOptions

    func validate() throws { _ = try judgement() }

    func run() throws {
      var judge = try RankerJudge(try options.read(configuration), part: part)
      judge.items = try items.map(Self.lines)
      judge.judgement = try judgement()
      let report = try judge.report(models: model, against: against)
      if let calibrationPlot { try plot(report, to: calibrationPlot) }
      if json { return try Console.print(json: report) }
      print(report)
      Console.say(summary(report))
    }

    private func judgement() throws -> RankerJudgement {
      let cutoffs = try at.split(separator: ",").map { text in
        guard let cutoff = Int(text.trimmingCharacters(in: .whitespaces)), cutoff > 0 else {
          throw ValidationError("--at \(at): positions are whole numbers from 1, such as 1,3,10")
        }
        return cutoff
      }
      let chosen = try metrics?.split(separator: ",").map { text in
        let name = text.trimmingCharacters(in: .whitespaces)
        guard let metric = RankerMetric(rawValue: name) else {
          let known = RankerMetric.allCases.map(\.rawValue)
          throw ValidationError(
            "--metrics: there is no metric \"\(name)\"; there are \(known.joined(separator: ", "))")
        }
        return metric
      }
      return RankerJudgement(
        metrics: chosen ?? RankerMetric.usual, cutoffs: cutoffs,
        conventions: MetricConventions(emptyRequests: emptyRequests, gain: gain), groupedBy: by)
    }

    private static func lines(_ path: String) throws -> Set<String> {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw ValidationError("--items \(path): the file cannot be read")
      }
      return Set(text.split(whereSeparator: \.isNewline).map(String.init))
    }
  }
}

extension EmptyListPolicy: ExpressibleByArgument {}
extension NDCG.Gain: ExpressibleByArgument {}
