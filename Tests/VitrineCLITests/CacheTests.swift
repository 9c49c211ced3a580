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
    for (seed, name) in [("1", "a"), ("2", "b")] {
      _ = try json(
        "encoder", "import", "--architecture", "resnet18", "--random-weights", seed, "--crop",
        "32", "--resize", "36", "--output", name)
      try folder.write("id,path\nx,\(Photos.path("hat-001"))\n", to: "in.csv")
      let run = try Command(
        "extract", "in.csv", "--encoder", name, "--cache", "cache-\(name)", in: folder.path)
      #expect(run.status == 0)
    }
    let run = try Command("cache", "merge", "cache-a", "cache-b", in: folder.path)
    #expect(run.status == 2 && run.errors.contains("encoder is"), "\(run.errors)")
    let extract = try Command(
      "extract", "in.csv", "--encoder", "b", "--cache", "cache-a", in: folder.path)
    #expect(extract.status == 2 && extract.errors.contains("must not mix"), "\(extract.errors)")
  }
}
