public import ArgumentParser
public import Vitrine

extension EvaluateCommand {
  struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What slates would have earned, by the clicks that other lists got.",
      discussion: """
        Logged lists stand as they were shown, and their items say clicked. An item that the slate \
        moves from position k to k' counts by the attention to both: fitted on the log by a \
        position-based model, or 1/j^eta. The doubly robust estimate makes up for clipped weights by \
        a reward model of another family. Never judge slates by the family of click models that made \
        what they were trained on.
        """)
    @Argument(help: "Slates, as rerank wrote them (JSON Lines).") var slates: String
    @Option(help: "The logged lists with their clicks (JSON Lines).") var log: String
    @Option(help: "Attention to position j is 1/j^eta; without it, attention is fitted.")
    var eta: Double?
    @Option(help: "The reward model: cascade, dbn or none.") var reward = "dbn"
    @Option(help: "No impression counts more often.") var clip = 10.0
    @Option(
      help: "The family that made the clicks the slates were trained on: pbm, cascade or dbn.")
    var trainedOn: PolicyJudge.Family?
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
      if !["cascade", "dbn", "none"].contains(reward) {
        throw ValidationError("--reward \(reward): there are cascade, dbn and none")
      }
    }

    func run() throws {
      let judge = PolicyJudge(
        examination: eta.map { .decay(eta: $0) } ?? .fitted,
        reward: PolicyJudge.Family(rawValue: reward), clip: clip, trainedOn: trainedOn)
      let report = try judge.report(slates: slates, log: log)
      if json { return try Console.print(json: report) }
      var table = TextTable(["clicks an impression", "value", "95 % interval", "p"])
      for metric in report.metrics {
        let cells = metric.p == nil ? metric.cells : metric.signedCells
        table.add(cells + [metric.p.map { $0.text() } ?? ""])
      }
      Console.print(table.text)
      Console.say(
        "\(report.lists) lists, \(report.rows) impressions, as good as"
          + " \(report.value.effectiveSampleSize.text(0)); the weights of"
          + " \((100 * report.value.clippedShare).text(1)) % are clipped at \(clip.text(1))")
      if trainedOn == nil {
        Console.say(
          "say with --trained-on if the slates learnt from simulated clicks: their family must not"
            + " judge them")
      }
    }
  }
}

extension PolicyJudge.Family: ExpressibleByArgument {}
