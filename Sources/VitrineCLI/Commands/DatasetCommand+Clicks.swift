import ArgumentParser
import Vitrine

extension DatasetCommand {
  struct Clicks: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Simulate clicks on judged lists.",
      discussion: """
        Reads requests whose items bring their grade as a feature, with scores or in base order, or \
        LETOR files (2 qid:10 1:0.5 …), and writes the lists as they were shown, with clicked: true \
        or false and without the grade: what train reads as data: {lists: …}.

        Worlds: semi-synthetic looks at position j with probability 1/j^eta and clicks on grades from \
        --threshold on; with --diverse, only on what is further from every earlier click than a \
        quantile of the list's distances. pbm, cascade and dbn click by the grade. The clicks of a \
        list depend on it, the seed and the number of the session alone.
        """)

    enum World: String, ExpressibleByArgument, CaseIterable {
      case semiSynthetic = "semi-synthetic"
      case pbm, cascade, dbn
    }

    @Argument(help: "Judged lists: requests (JSON Lines; - is standard input), LETOR or SVMlight.")
    var lists: String
    @Option(help: "Who clicks.") var world = World.semiSynthetic
    @Option(help: "The file to write; - is standard output.") var output = "-"
    @Option(help: "Attention to position j is 1/j^eta (semi-synthetic, pbm).") var eta = 1.0
    @Option(help: "The least grade that is clicked (semi-synthetic).") var threshold = 1.0
    @Flag(help: "Nothing like an earlier click is clicked (semi-synthetic).") var diverse = false
    @Option(help: "The quantile of the distances that counts as like.") var quantile = 0.5
    @Option(help: "How often grades mislead (pbm, cascade, dbn).") var noise = 0.1
    @Option(help: "The highest grade of the scale (pbm, cascade, dbn).") var highestGrade = 4.0
    @Option(help: "How likely a click on the highest grade satisfies (dbn).") var satisfaction = 0.7
    @Option(help: "How likely the unsatisfied read on (dbn).") var perseverance = 0.9
    @Option(help: "The feature of the items that is their grade.") var grade = "relevance"
    @Option(help: "What rank wrote for the same lists: its scores give the base order.")
    var ranked: String?
    @Option(help: "The sizes of the queries of an SVMlight file without qid.") var groups: String?
    @Option(help: "Candidates a list, from the head of the base order.") var candidates: Int?
    @Option(help: "Users that each list is shown to.") var sessions = 1
    @Option(help: "The same seed gives the same clicks.") var seed: UInt64 = 1
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
      if sessions < 1 { throw ValidationError("--sessions \(sessions) must be at least 1") }
      if let candidates, candidates < 1 {
        throw ValidationError("--candidates \(candidates) must be at least 1")
      }
      if diverse, world != .semiSynthetic {
        throw ValidationError("--diverse belongs to --world semi-synthetic")
      }
      do {
        try chosen.validate()
      } catch {
        throw ValidationError("\(error)")
      }
    }

    func run() throws {
      var generation = ClickGeneration(world: chosen)
      generation.grade = grade
      generation.candidates = candidates ?? .max
      generation.sessions = sessions
      generation.seed = seed
      let summary = try generation.run(
        .init(lists: lists, groups: groups, ranked: ranked, output: output))
      if json, output != "-" { return try Console.print(json: summary) }
      Console.say(
        "\(summary.sessions) lists of \(summary.candidates) candidates, \(summary.clicks) clicks;"
          + " \(summary.withoutClick) lists without one")
    }

    private var chosen: any ClickWorld {
      let attraction = GradedAttraction(noise: noise, highestGrade: highestGrade)
      return switch world {
      case .semiSynthetic:
        SemiSyntheticClicks(eta: eta, threshold: threshold, quantile: diverse ? quantile : nil)
      case .pbm: PositionBasedClicks(eta: eta, attraction: attraction)
      case .cascade: CascadeClicks(attraction: attraction)
      case .dbn:
        DynamicBayesianClicks(
          attraction: attraction, satisfaction: satisfaction, perseverance: perseverance)
      }
    }
  }
}
