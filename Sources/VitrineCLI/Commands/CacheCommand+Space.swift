import ArgumentParser
import Vitrine

extension CacheCommand {
  struct Compact: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rewrite many small shards as few large ones.",
      discussion: """
        Readers go on meanwhile. Old shards are removed only when the new ones are in use, so it \
        can be stopped or killed at any moment, and run again.
        """)
    @OptionGroup var location: Location
    @Flag(help: "Also leave out vectors that no item shows, as of posters that have changed.")
    var dropUnlinked = false
    @Flag(help: "Only say what would be done.") var dryRun = false
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let report = try FeatureStore.compact(
        location.cache, generation: location.generation, droppingUnlinked: dropUnlinked,
        isDryRun: dryRun)
      if json { return try Console.print(json: report) }
      if report.shards == 0 {
        return Console.say(
          "\(location.cache): nothing to do; its shards (\(report.keptShards)) are large enough or"
            + " alone")
      }
      Console.say(
        "\(location.cache): \(report.shards) shards \(dryRun ? "would become" : "became") "
          + "\(report.newShards), \(report.keptShards) stay; \(report.rows) vectors copied, "
          + "\(report.droppedRows) dropped; \(report.bytes) bytes became \(report.newBytes)")
    }
  }

  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove an old generation with all its vectors.")
    @Argument(help: "The cache's folder.") var cache: String
    @Option(help: "Its number; 'cache info' lists them.") var generation: Int
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      try FeatureStore.drop(cache, generation: generation)
      if json { return try Console.print(json: ["dropped": generation]) }
      Console.say("\(cache): generation \(generation) is gone")
    }
  }
}
