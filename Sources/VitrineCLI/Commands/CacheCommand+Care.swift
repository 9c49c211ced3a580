import ArgumentParser
import Vitrine

extension CacheCommand {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every record of a cache; exit 1 if one is damaged.")
    @OptionGroup var location: Location
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let report = try FeatureStore.verify(location.cache, generation: location.generation)
      if json {
        try Console.print(json: report)
      } else {
        for problem in report.problems { Console.print(problem) }
        Console.say(
          "\(location.cache): \(report.rows) rows checked, \(report.problems.count) problems")
      }
      if !report.problems.isEmpty { throw ExitStatus.doneWithFailures }
    }
  }

  struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rebuild the index from the shards; exit 1 if something was lost.",
      discussion: """
        Damaged shards are renamed to *.damaged and left in place; what can be read of them is \
        kept, and 'vitrine extract' refills the rest.
        """)
    @OptionGroup var location: Location
    @Option(help: "The encoder that filled the cache: restores a damaged or missing cache.json.")
    var encoder: String?
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let report = try FeatureStore.repair(
        location.cache, encoder: encoder, generation: location.generation)
      if json {
        try Console.print(json: report)
      } else {
        tell(report)
      }
      if report.lostRows + report.lostItems > 0 { throw ExitStatus.doneWithFailures }
    }

    private func tell(_ report: FeatureStore.Repair) {
      for problem in report.problems { Console.print(problem) }
      Console.say(
        "\(location.cache): \(report.rows) vectors of \(report.shards) shards kept, "
          + "\(report.lostRows) lost; \(report.lostItems) items have no vector now")
      if !report.setAside.isEmpty {
        Console.say("note: set aside: \(report.setAside.joined(separator: ", "))")
      }
    }
  }

  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take over what other caches hold, each generation into the same one.")
    @Argument(help: "The cache to fill; made if it does not exist.") var destination: String
    @Argument(help: "The caches to take from. Links of later ones win.") var sources: [String]
    @Option(help: "Only this generation of the sources.") var generation: Int?
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let added = try FeatureStore.merge(
        into: destination, from: sources, generation: generation)
      if json { return try Console.print(json: added) }
      Console.say(
        "\(destination): \(added.vectors) vectors and \(added.items) items added from "
          + "\(sources.count) caches")
    }
  }
}
