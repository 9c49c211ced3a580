public import ArgumentParser
public import Vitrine

extension DataSource.Part: ExpressibleByArgument {}

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Make and take apart training data.",
    subcommands: [
      Describe.self, Prepare.self, Split.self, Simulate.self, Requests.self, Clicks.self,
    ])

  struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Simulate visits to the shop of a catalogue with photos.",
      discussion: """
        Writes impressions.csv, a click log, and truth.json, the world behind it, from which the \
        exact expected clicks of any slate follow. Simulated users have a taste in the photos' \
        pixels, look at the top of a list first, pass over near-duplicates, and buy some of what \
        they clicked.
        """)
    @Argument(help: "CSV with id, path, category and price.") var catalogue: String
    @Option(help: "The folder to write to.") var output: String
    @Option(help: "The same seed gives the same log.") var seed: UInt64 = 7
    @Option(help: "Visits to simulate.") var sessions: Int?
    @Option(help: "Visitors.") var users: Int?
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      var configuration = SimulationConfiguration()
      configuration.sessions = sessions ?? configuration.sessions
      configuration.users = users ?? configuration.users
      let summary = try ShopSimulation.run(
        catalogue: catalogue, configuration: configuration, seed: seed, output: output)
      if json { return try Console.print(json: summary) }
      Console.say(
        "\(output): \(summary.sessions) sessions of \(summary.users) users over \(summary.items)"
          + " items, \(summary.impressions) impressions, \(summary.clicks) clicks,"
          + " \(summary.purchases) purchases")
    }
  }

  struct Requests: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a part of a log as requests to a ranker (JSON Lines).")
    @Argument(help: "A ranker's training configuration: it names the log, split and columns.")
    var configuration: String
    @Option(help: "The part of the log.") var part = DataSource.Part.test
    @Option(help: "The file to write; - is standard output.") var output = "-"
    @OptionGroup var options: DataOptions

    func run() throws {
      let count = try RequestFile.write(try options.read(configuration), part: part, to: output)
      Console.say("\(count) requests")
    }
  }
}
