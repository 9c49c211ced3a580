import ArgumentParser
import Foundation
import Vitrine

struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Look into and look after feature caches.",
    subcommands: [
      Info.self, Get.self, Export.self, Verify.self, Repair.self, Merge.self,
    ])

  struct Location: ParsableArguments {
    @Argument(help: "The cache's folder.")
    var cache: String
  }

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What a cache holds.")
    @OptionGroup var location: Location
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let info = try FeatureStore.info(location.cache)
      if json { return try Console.print(json: info) }
      Console.print(
        """
        items          \(info.items)
        vectors        \(info.vectors) × \(info.width) \(info.elementType)
        precision      \(info.precision)
        encoder        \(info.encoder)
        preprocessing  \(info.preprocessing)
        shards         \(info.shards) (\(info.shardBytes) bytes), index \(info.indexBytes) bytes
        """)
      if !info.orphanShards.isEmpty {
        Console.say(
          "note: not in the index: \(info.orphanShards.joined(separator: ", "));"
            + " 'vitrine cache repair \(location.cache)' takes them in")
      }
    }
  }

  struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The vector of an item, as a JSON array.")
    @OptionGroup var location: Location
    @Argument(help: "The item's id.") var item: String

    func run() throws {
      guard let vector = try FeatureStore.vector(location.cache, item: item) else {
        Console.say("error: \(location.cache): no vector for item \"\(item)\"")
        throw ExitStatus.failed
      }
      Console.print("[" + vector.map(\.description).joined(separator: ",") + "]")
    }
  }

  struct Export: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case npy }

    static let configuration = CommandConfiguration(
      abstract: "Write features.npy (float32) and ids.txt, row for row, sorted by id.")
    @OptionGroup var location: Location
    @Option(help: "The format.") var format = Format.npy
    @Option(help: "The folder to write to.") var output: String

    func run() throws {
      let rows = try FeatureStore.export(location.cache, to: output)
      Console.say("\(output): \(rows) rows in features.npy and ids.txt")
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every record of a cache; exit 1 if one is damaged.")
    @OptionGroup var location: Location

    func run() throws {
      let (rows, problems) = try FeatureStore.verify(location.cache)
      for problem in problems { Console.print(problem) }
      Console.say("\(location.cache): \(rows) rows checked, \(problems.count) problems")
      if !problems.isEmpty { throw ExitStatus.doneWithFailures }
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

    func run() throws {
      let report = try FeatureStore.repair(location.cache, encoder: encoder)
      for problem in report.problems { Console.print(problem) }
      Console.say(
        "\(location.cache): \(report.rows) vectors of \(report.shards) shards kept, "
          + "\(report.lostRows) lost; \(report.lostItems) items have no vector now")
      if !report.setAside.isEmpty {
        Console.say("note: set aside: \(report.setAside.joined(separator: ", "))")
      }
      if report.lostRows + report.lostItems > 0 { throw ExitStatus.doneWithFailures }
    }
  }

  struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take over what other caches of the same encoder hold.")
    @Argument(help: "The cache to fill; made if it does not exist.") var destination: String
    @Argument(help: "The caches to take from. Links of later ones win.") var sources: [String]

    func run() throws {
      let added = try FeatureStore.merge(into: destination, from: sources)
      Console.say(
        "\(destination): \(added.vectors) vectors and \(added.items) items added from "
          + "\(sources.count) caches")
    }
  }
}
