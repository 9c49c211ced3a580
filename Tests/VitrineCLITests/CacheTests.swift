import FileSupport
import Foundation
import Testing

@Suite struct CacheTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func json(_ arguments: String..., status: Int32 = 0) throws -> [String: Any] {
    let run = try Command(arguments + ["--json"], in: folder.path)
    #expect(run.status == status, "\(run.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @discardableResult
  private func extract(_ photos: [String], _ cache: String) throws -> String {
    let rows = photos.map { "\($0),\(Photos.path($0))" }
    try folder.write((["id,path"] + rows).joined(separator: "\n") + "\n", to: "in.csv")
    let run = try Command(
      "extract", "in.csv", "--encoder", "encoder", "--cache", cache, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    return run.errors
  }

  @Test func mergedDamagedAndRepaired() throws {
    let encoder = try json(
      "encoder", "import", "--architecture", "resnet18", "--random-weights", "3", "--crop", "32",
      "--resize", "36", "--output", "encoder")
    #expect(encoder["feature_width"] as? Int == 512)
    try extract(["hat-001", "hat-002"], "one")
    try extract(["hat-002", "shoes-003"], "two")

    let merged = try json("cache", "merge", "all", "one", "two")
    #expect(merged["vectors"] as? Int == 3)
    let info = try json("cache", "info", "all")
    #expect(info["items"] as? Int == 3 && info["precision"] as? String == "fp32")
    #expect((try json("cache", "verify", "all"))["rows"] as? Int == 3)
    #expect((try json("cache", "export", "all", "--output", "out"))["rows"] as? Int == 3)
    #expect(try text(of: folder("out/ids.txt")) == "hat-001\nhat-002\nshoes-003\n")

    // One bit of the last vector.
    let shard = try #require(
      try names(in: folder("all")).last { $0.hasSuffix(".npy") })
    let path = folder("all/\(shard)")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 9] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let damage = try json("cache", "verify", "all", status: 1)
    #expect((damage["problems"] as? [String])?.count == 1)
    let repaired = try json("cache", "repair", "all", status: 1)
    #expect(repaired["rows"] as? Int == 2 && repaired["lost_rows"] as? Int == 1)
    #expect((try json("cache", "verify", "all"))["rows"] as? Int == 2)
    // What was lost comes back, and only that is computed.
    let errors = try extract(["hat-001", "hat-002", "shoes-003"], "all")
    #expect(errors.contains("3 items") && errors.contains(": 1 computed"), "\(errors)")
    #expect((try json("cache", "info", "all"))["items"] as? Int == 3)
  }

  @Test func cachesOfOtherEncodersDoNotMix() throws {
    var exports: [Data] = []
    for (seed, name) in [("1", "a"), ("2", "b")] {
      _ = try json(
        "encoder", "import", "--architecture", "resnet18", "--random-weights", seed, "--crop",
        "32", "--resize", "36", "--output", name)
      try folder.write("id,path\nx,\(Photos.path("hat-001"))\n", to: "in.csv")
      for cache in ["cache-\(name)", "both"] {
        let run = try Command(
          "extract", "in.csv", "--encoder", name, "--cache", cache, in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
      }
      _ = try json("cache", "export", "cache-\(name)", "--output", "out-\(name)")
      exports.append(try features(in: "out-\(name)"))
    }
    #expect(exports[0] != exports[1])
    let merged = try json("cache", "merge", "cache-a", "cache-b")
    #expect(merged["vectors"] as? Int == 1)
    for cache in ["both", "cache-a"] {
      let info = try json("cache", "info", cache)
      #expect((info["generations"] as? [Any])?.count == 2 && info["generation"] as? Int == 2)
      for generation in 1...2 {
        let output = "\(cache)-\(generation)"
        _ = try json(
          "cache", "export", cache, "--generation", "\(generation)", "--output", output)
        #expect(try features(in: output) == exports[generation - 1])
      }
      #expect((try json("cache", "verify", cache))["rows"] as? Int == 2)
    }
    _ = try json("cache", "drop", "both", "--generation", "1")
    #expect((try json("cache", "info", "both"))["items"] as? Int == 1)
    _ = try json("cache", "export", "both", "--output", "left")
    #expect(try features(in: "left") == exports[1])
    let last = try Command("cache", "drop", "both", "--generation", "2", in: folder.path)
    #expect(last.status == 2 && last.errors.contains("only one"), "\(last.errors)")
  }

  private func features(in folder: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: self.folder("\(folder)/features.npy")))
  }

  @Test func similarCompactedAndExported() throws {
    _ = try json(
      "encoder", "import", "--architecture", "resnet18", "--random-weights", "3", "--crop", "32",
      "--resize", "36", "--output", "encoder")
    for photos in [["hat-001", "hat-002"], ["shoes-003"], ["hat-002", "shoes-004"]] {
      try extract(photos, "cache")
    }
    let before = try Command("cache", "similar", "cache", "hat-001", "--top", "2", in: folder.path)
    #expect(before.status == 0 && before.lines.count == 2, "\(before.errors)")
    #expect(!before.output.contains("hat-001"))
    _ = try json("cache", "export", "cache", "--output", "out")

    let plan = try json("cache", "compact", "cache", "--dry-run")
    #expect(plan["new_shards"] as? Int == 1)
    #expect((try json("cache", "info", "cache"))["shards"] as? Int == plan["shards"] as? Int)
    _ = try json("cache", "compact", "cache")
    #expect((try json("cache", "info", "cache"))["shards"] as? Int == 1)
    let after = try Command("cache", "similar", "cache", "hat-001", "--top", "2", in: folder.path)
    #expect(after.output == before.output)
    _ = try json("cache", "export", "cache", "--output", "again")
    #expect(try features(in: "out") == features(in: "again"))

    let rows = try Command(
      "cache", "similar", "cache", "--vector", "out/features.npy", "--top", "1", "--json",
      in: folder.path)
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(rows.output.utf8)) as? [[String: Any]])
    let nearest = all.map { ($0["items"] as? [[String: Any]])?.first?["item"] as? String }
    #expect(nearest == ["hat-001", "hat-002", "shoes-003", "shoes-004"])

    let lines = try json("cache", "export", "cache", "--format", "jsonl", "--output", "lines")
    #expect(lines["rows"] as? Int == 4)
    #expect(
      try text(of: folder("lines/features.jsonl")).hasPrefix("{\"id\":\"hat-001\",\"vector\":["))
    let tensors = try Command(
      "cache", "export", "cache", "--format", "safetensors", "--output", "out", in: folder.path)
    #expect(tensors.status == 0, "\(tensors.errors)")
    let unknown = try Command("cache", "similar", "cache", "nobody", in: folder.path)
    #expect(unknown.status == 2 && unknown.errors.contains("no vector for item"))
  }
}
