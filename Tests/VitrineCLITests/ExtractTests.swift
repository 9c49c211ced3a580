import FileSupport
import Foundation
import Testing

@Suite struct ExtractTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func makeEncoder(crop: Int = 32) throws {
    let run = try Command(
      "encoder", "import", "--architecture", "resnet18", "--random-weights", "3", "--crop",
      "\(crop)", "--resize", "\(crop + crop / 8)", "--output", folder("encoder"))
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func badImagesAreListedAndCostOnlyThemselves() throws {
    try makeEncoder()
    try FileManager.default.createDirectory(
      atPath: folder("in"), withIntermediateDirectories: false)
    let photo = try Data(contentsOf: URL(fileURLWithPath: Photos.path("hat-001")))
    for (name, data) in [
      ("good.jpg", photo), ("cut.jpg", photo.prefix(photo.count / 2)), ("empty.png", Data()),
      ("text.jpg", Data("hello".utf8)), ("page.webp", Data("RIFF\0\0\0\0WEBPVP8 ".utf8)),
    ] {
      try data.write(to: URL(fileURLWithPath: folder("in/\(name)")))
    }
    let extract = ["extract", "in", "--encoder", "encoder", "--cache", "cache"]
    let plan = try Command(extract + ["--dry-run", "--json"], in: folder.path)
    #expect(plan.status == 0 && plan.output.contains("\"images\" : 5"))
    #expect(!FileManager.default.fileExists(atPath: folder("cache")))

    for round in 1...2 {
      let run = try Command(extract, in: folder.path)
      #expect(run.status == 1 && run.output.isEmpty)
      #expect(run.errors.contains(round == 1 ? "1 computed" : "0 computed"), "\(run.errors)")
      for part in ["1 failed: truncated", "2 failed: unsupported-format", "cache/ledger.jsonl"] {
        #expect(run.errors.contains(part), "\(run.errors)")
      }
      let ledger = try text(of: folder("cache/ledger.jsonl")).split(separator: "\n")
      #expect(ledger.count == 4)
      #expect(ledger.contains { $0.contains("\"page\"") && $0.contains("WebP") })
    }
    let json = try Command(extract + ["--json"], in: folder.path)
    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((summary["failures"] as? [String: Int])?["truncated"] == 1)
    #expect((summary["stages"] as? [String: Double])?.count == 5)
    #expect(summary["was_cancelled"] as? Bool == false)

    let vector = try Command("cache", "get", "cache", "good", in: folder.path)
    #expect(vector.lines.first?.split(separator: ",").count == 512)
    let missing = try Command("cache", "get", "cache", "cut", in: folder.path)
    #expect(missing.status == 2 && missing.errors.contains("\"cut\""))
    #expect(try Command("cache", "verify", "cache", in: folder.path).status == 0)
    #expect(
      try Command("cache", "export", "cache", "--output", "out", in: folder.path).status == 0)
    #expect(try text(of: folder("out/ids.txt")) == "good\n")

    // What was refused is picked up by a run that takes it, and only that; a later run that would
    // not take it still says what the vector owes to it.
    let lenient = try Command(extract + ["--lenient"], in: folder.path)
    #expect(lenient.status == 1 && lenient.errors.contains("1 computed, 1 reused"))
    #expect(lenient.errors.contains("1 noted: damage-accepted"), "\(lenient.errors)")
    #expect(try Command(extract, in: folder.path).errors.contains("0 computed, 2 reused"))
    let ledger = try text(of: folder("cache/ledger.jsonl")).split(separator: "\n")
    #expect(ledger.count { $0.contains("\"damage-accepted\"") && $0.contains("\"cut\"") } == 1)
  }

  @Test func whatIsInTheWayIsNamed() throws {
    try makeEncoder()
    try folder.write("mine", to: "file")
    try folder.write("id,path,category\na,\(Photos.path("hat-001")),hat\n", to: "in.csv")
    let run = try Command(
      "extract", "in.csv", "--encoder", "encoder", "--cache", "file", in: folder.path)
    #expect(run.status == 2 && run.errors.contains("file: the folder cannot be created"))
    #expect(!run.errors.contains("Error Domain"), "\(run.errors)")
    let nowhere = try Command(
      "extract", "nowhere", "--encoder", "encoder", "--cache", "cache", in: folder.path)
    #expect(nowhere.status == 2 && nowhere.errors.contains("manifest"), "\(nowhere.errors)")
  }

  @Test func unknownCategoriesAreCounted() throws {
    try folder.write("dress\nhat\n", to: "categories.txt")
    let made = try Command(
      "encoder", "import", "--architecture", "resnet18", "--random-weights", "3", "--crop", "32",
      "--resize", "36", "--attention", "category", "--categories", "categories.txt", "--output",
      "encoder", in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    let photo = Photos.path("hat-001")
    try folder.write("id,path,category\na,\(photo),hat\nb,\(photo),hatt\n", to: "in.csv")
    let run = try Command(
      "extract", "in.csv", "--encoder", "encoder", "--cache", "cache", in: folder.path)
    #expect(run.status == 0 && run.errors.contains("does not know: 1;"), "\(run.errors)")
  }

  /// What was committed stays, the message holds the command that goes on, and the end is the same
  /// as without the interruption.
  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptionLosesNothing(_ signal: Int32) throws {
    try makeEncoder(crop: 96)
    let arguments = [
      "extract", Photos.catalogue, "--encoder", "encoder", "--cache", "cache", "--workers", "1",
    ]
    // How fast the machine is decides which pause falls into the middle.
    var kept = 0
    for pause in [0.3, 0.6, 1.2, 2.4, 4.8, 0.15, 0.07] where !(1..<400).contains(kept) {
      try? FileManager.default.removeItem(atPath: folder("cache"))
      let running = try RunningCommand(arguments, in: folder.path)
      #expect(running.wait { FileManager.default.fileExists(atPath: folder("cache/cache.json")) })
      Thread.sleep(forTimeInterval: pause)
      running.send(signal)
      let stopped = running.finish()
      kept = try items(in: "cache")
      guard kept < 400 else { continue }
      #expect(stopped.status == 128 + signal, "\(stopped.errors)")
      #expect(stopped.errors.contains(arguments.joined(separator: " ")), "\(stopped.errors)")
    }
    #expect((1..<400).contains(kept), "no pause fell into the middle")

    let resumed = try Command(arguments, in: folder.path)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(!resumed.errors.contains("400 computed"))
    var whole = arguments
    whole[5] = "whole"
    #expect(try Command(whole, in: folder.path).status == 0)
    for cache in ["cache", "whole"] {
      _ = try Command("cache", "export", cache, "--output", "\(cache)-out", in: folder.path)
    }
    for name in ["features.npy", "ids.txt"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("cache-out/\(name)"), andPath: folder("whole-out/\(name)")), "\(name)")
    }
  }

  private func items(in cache: String) throws -> Int {
    let info = try Command("cache", "info", cache, "--json", in: folder.path)
    let json = try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [String: Any]
    return try #require(json?["items"] as? Int)
  }
}
