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
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let rows = try FeatureStore.export(location.cache, to: output)
      if json { return try Console.print(json: ["rows": rows]) }
      Console.say("\(output): \(rows) rows in features.npy and ids.txt")
    }
  }
}
