import ArgumentParser
import Foundation
import Vitrine

extension EvaluateCommand {
  struct Curve: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What diversity costs, over the whole trade-off.",
      discussion: """
        Arranges the lists by each diversifier at every trade-off from 0 to 1 and judges the slates \
        against the plain ranking. Relevance needs --log or --truth, visual diversity --cache.
        """)

    @Argument(help: "Ranked lists, as rank wrote them (JSON Lines).") var lists: String
    @Option(help: "The requests that were answered (JSON Lines).") var requests: String
    @Option(help: "Length of the slates.") var top = 10
    @Option(help: "The simulated world (truth.json): exact expected clicks.") var truth: String?
    @Option(help: "A ranker's training configuration: its log gives the clicks for NDCG.")
    var log: String?
    @Option(help: "Steps of the trade-off.") var points = 21
    @Option(help: "A shop's rules (YAML), kept by every slate, the plain ranking's too.")
    var rules: String?
    @Option(help: "Picture to write (SVG).") var plot: String?
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup(title: "Diversity; mmr and dpp are compared unless one is named")
    var diversity: DiversityOptions
    @OptionGroup var options: DataOptions

    func validate() throws {
      if top < 1 { throw ValidationError("--top \(top) must be at least 1") }
      if !(2...1001).contains(points) {
        throw ValidationError("--points \(points) must lie from 2 to 1001")
      }
    }

    func run() throws {
      let judge = try SlateJudge(
        top: top, requests: requests, truth: truth, cache: options.cache,
        log: try log.map(options.read))
      let reranker = try SlateArranger.load(
        .init(
          cache: options.cache, embeddings: diversity.embeddings, rules: rules,
          similarity: try diversity.similarity(), options: .init(top: top)))
      let kinds = diversity.diversity == .none ? [.mmr, .dpp] : [diversity.diversity]
      let curve = try DiversityCurve(
        SlateJudge.lists(lists), judge: judge,
        reranker: { try reranker.diversified(by: $0) },
        diversifiers: kinds.map { kind in
          (kind.rawValue, { try diversity.diversifier(kind, tradeOff: $0) })
        },
        tradeOffs: (0..<points).map { Double($0) / Double(points - 1) })
      if let plot {
        let title = "Relevance against diversity, first \(top) positions"
        try curve.plot(title: title)?.write(toFile: plot, atomically: true, encoding: .utf8)
      }
      if json { return try Console.print(json: curve) }
      Console.print(text(curve))
      Console.say("\(curve.ranking.slates) slates at each of \(points) trade-offs")
    }

    private func text(_ curve: DiversityCurve) -> String {
      let metrics = (curve.relevance.map { [$0] } ?? []) + curve.diversities
      var table = TextTable(["diversity", "trade-off"] + metrics.flatMap { [$0, "%"] })
      for series in curve.series {
        for point in series.points {
          table.add(
            [series.name, point.tradeOff.text(2)]
              + metrics.flatMap { metric -> [String] in
                let value = point.report.metrics.first { $0.metric == metric }?.value
                let change = curve.change(metric, at: point)
                return [
                  value.map { $0.text(4) } ?? "–",
                  change.map { ($0 < 0 ? "" : "+") + (100 * $0).text(2) } ?? "–",
                ]
              })
        }
      }
      return table.text
    }
  }
}
