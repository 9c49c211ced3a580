import ArgumentParser
import Foundation
import Vitrine

struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Look into and look after feature caches.",
    discussion: """
      A cache has a generation for each encoder, preprocessing and precision that filled it; they \
      never mix. Without --generation, 'get', 'similar' and 'export' read the newest one, and \
      'verify', 'repair', 'compact' and 'merge' go through all.
      """,
    subcommands: [
      Info.self, Get.self, Similar.self, Export.self, Verify.self, Repair.self, Compact.self,
      Merge.self, Drop.self,
    ])

  struct Location: ParsableArguments {
    @Argument(help: "The cache's folder.")
    var cache: String

    @Option(help: "The number of a generation; 'cache info' lists them.")
    var generation: Int?
  }

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a cache holds: the newest generation, and a list of all.")
    @OptionGroup var location: Location
    @Flag(help: "One JSON document.") var json = false

    /// The chosen generation's fields, and beside them all generations.
    private struct Document: Encodable {
      let info: FeatureStore.Info
      let overview: FeatureStore.Overview

      enum CodingKeys: CodingKey { case generations, problems }

      func encode(to encoder: any Encoder) throws {
        try info.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(overview.generations, forKey: .generations)
        try container.encode(overview.problems, forKey: .problems)
      }
    }

    func run() throws {
      let overview = try FeatureStore.overview(location.cache)
      let info = try FeatureStore.info(location.cache, generation: location.generation)
      if json { return try Console.print(json: Document(info: info, overview: overview)) }
      Console.print(
        """
        generation     \(info.generation)
        items          \(info.items)
        vectors        \(info.vectors) × \(info.width) \(info.elementType)
        precision      \(info.precision)
        encoder        \(info.encoder)
        preprocessing  \(info.preprocessing)
        shards         \(info.shards) (\(info.shardBytes) bytes), index \(info.indexBytes) bytes
        """)
      if overview.generations.count > 1 { printTable(overview.generations) }
      for problem in overview.problems { Console.say("note: \(problem)") }
      if !info.orphanShards.isEmpty {
        Console.say(
          "note: not in the index: \(info.orphanShards.joined(separator: ", "));"
            + " 'vitrine cache repair \(location.cache)' takes them in")
      }
    }

    private func printTable(_ generations: [FeatureStore.Info]) {
      var table = TextTable([
        "generation", "items", "bytes", "precision", "encoder", "preprocessing",
      ])
      for info in generations {
        table.add([
          "\(info.generation)", "\(info.items)", "\(info.shardBytes + info.indexBytes)",
          info.precision, "\(info.encoder.prefix(12))", "\(info.preprocessing.prefix(12))",
        ])
      }
      Console.print("\n\(table.text)")
    }
  }

  struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The vector of an item, as a JSON array.")
    @OptionGroup var location: Location
    @Argument(help: "The item's id.") var item: String

    func run() throws {
      let vector = try FeatureStore.vector(
        location.cache, item: item, generation: location.generation)
      guard let vector else {
        Console.say("error: \(location.cache): no vector for item \"\(item)\"")
        throw ExitStatus.failed
      }
      Console.print("[" + vector.map(\.description).joined(separator: ",") + "]")
    }
  }
}
