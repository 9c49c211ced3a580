public import ArgumentParser
import Foundation
public import Vitrine

extension FeatureStore.Format: ExpressibleByArgument {}

extension CacheCommand {
  struct Similar: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The posters nearest to an item by cosine, exactly.",
      discussion: """
        Every vector is compared and checked against its checksum. Prints cosine and id, best first; \
        for several queries, the query in front.
        """)
    @OptionGroup var location: Location
    @Argument(help: "The ids of one or more items.") var items: [String] = []
    @Option(help: "A .npy file with one vector [D] or several [N, D], instead of ids.")
    var vector: String?
    @Option(help: "How many for each.") var top = 10
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
      guard items.isEmpty != (vector == nil) else {
        throw ValidationError("give either ids or --vector")
      }
      guard (1...10_000).contains(top) else {
        throw ValidationError("--top \(top) is not in 1...10000")
      }
    }

    func run() throws {
      let found = try FeatureStore.similar(
        location.cache, to: vector.map { .file($0) } ?? .items(items), top: top,
        generation: location.generation)
      if json { return try Console.print(json: found) }
      for neighbours in found {
        for neighbour in neighbours.items {
          let prefix = found.count > 1 ? "\(neighbours.query)\t" : ""
          Console.print("\(prefix)\(String(format: "%.6f", neighbour.cosine))\t\(neighbour.item)")
        }
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write all vectors (float32) for other tools, sorted by id.",
      discussion: """
        npy: features.npy and ids.txt, row for row. safetensors: the tensor 'features' and ids.txt. \
        jsonl: {"id":…,"vector":[…]} a line.
        """)
    @OptionGroup var location: Location
    @Option(help: "The format.") var format = FeatureStore.Format.npy
    @Option(help: "The folder to write to.") var output: String
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
      let rows = try FeatureStore.export(
        location.cache, to: output, format: format, generation: location.generation)
      if json { return try Console.print(json: ["rows": rows]) }
      Console.say("\(output): \(rows) rows in \(format.files.joined(separator: " and "))")
    }
  }
}
