import FileSupport
import Foundation
import Testing

/// Encoders in floats and in bytes, and the caches that they fill.
@Suite struct EncoderTests {
  private let folder: TemporaryFolder

  /// Made once for all tests.
  private static let shared = Result {
    let folder = try TemporaryFolder()
    try makeEncoder("encoder", "none", in: folder)
    return folder
  }

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder("encoder"), withDestinationPath: try Self.shared.get()("encoder"))
    let rows = ["hat-001", "hat-002", "shoes-003"].map { "\($0),\(Photos.path($0))" }
    try folder.write((["id,path"] + rows).joined(separator: "\n") + "\n", to: "in.csv")
  }

  private static func makeEncoder(
    _ name: String, _ attention: String, in folder: TemporaryFolder
  ) throws {
    let run = try Command(
      "encoder", "import", "--architecture", "resnet18", "--random-weights", "3", "--crop", "32",
      "--resize", "36", "--attention", attention, "--output", name, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
  }

  private func run(_ line: String, status: Int32 = 0) throws -> Command {
    let run = try Command(line.split(separator: " ").map(String.init), in: folder.path)
    #expect(run.status == status, "vitrine \(line): \(run.errors)")
    return run
  }

  private func json(_ line: String) throws -> [String: Any] {
    let run = try run(line + " --json")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func bytesAndFloatsAreGenerationsOfOneCache() throws {
    let extract = "extract in.csv --cache cache --encoder"
    let refused = try run("\(extract) encoder --precision int8", status: 2)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("vitrine encoder quantize encoder"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder("cache")))

    let made = try run("encoder quantize encoder \(Photos.folder)/photos --output e8 --sample 40")
    #expect(made.output.isEmpty)
    for part in ["e8: int8", "20 images", "min-max:", "percentile:", "mse:", "p1"] {
      #expect(made.errors.contains(part), "\(made.errors)")
    }
    let hash =
      try #require(
        try JSONSerialization.jsonObject(with: Data(try run("encoder inspect e8").output.utf8))
          as? [String: Any])["hash"] as? String
    #expect(made.errors.contains(try #require(hash).prefix(12)))

    // The quantized encoder computes in bytes by itself, and in floats when asked.
    #expect((try json("\(extract) e8"))["computed"] as? Int == 3)
    #expect((try json("\(extract) e8 --precision int8"))["computed"] as? Int == 0)
    #expect((try json("\(extract) e8 --precision fp32"))["computed"] as? Int == 3)
    #expect((try json("\(extract) encoder"))["computed"] as? Int == 0)
    let info = try json("cache info cache")
    let generations = try #require(info["generations"] as? [[String: Any]])
    let precisions = generations.compactMap { $0["precision"] as? String }
    #expect(precisions.count == 2 && precisions[0].hasPrefix("int8") && precisions[1] == "fp32")
    #expect(generations[0]["encoder"] as? String == hash)
    let table = try run("cache info cache").lines.suffix(3).map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(table.map(\.count) == [6, 6, 6])
    #expect(table[0][0] == "generation" && table[1].contains(precisions[0]))
    #expect(table[2].starts(with: ["2", "3"]) && table[2].contains("fp32"))
  }

  @Test func fidelityIsData() throws {
    let line = try run("encoder fidelity encoder in.csv --precision fp32")
    #expect(line.lines.count == 1 && line.output.contains("3 images: mean 1.00000"))
    #expect(line.errors.contains("so few images (3)"), "\(line.errors)")
    let many = "encoder fidelity encoder \(Photos.folder)/photos --precision bf16 --sample 20"
    let fidelity = try json(many)
    #expect(fidelity["images"] as? Int == 20)
    #expect((fidelity["minimum"] as? Double).map { $0 > 0.9 && $0 <= 1.000001 } == true)
    let refused = try run("encoder fidelity encoder in.csv --precision int8", status: 2)
    #expect(refused.output.isEmpty && refused.errors.contains("encoder quantize"))
  }

  @Test func quantizationSaysWhatItCost() throws {
    let summary = try json(
      "encoder quantize encoder in.csv --output e8 --method percentile")
    #expect(summary["method"] as? String == "percentile")
    #expect(summary["compared_on_calibration_images"] as? Bool == true)
    #expect((summary["fidelity"] as? [String: Any])?["images"] as? Int == 3)
    let again = try run("encoder quantize encoder in.csv --output e8", status: 2)
    #expect(again.errors.contains("--output"))
    #expect(try names(in: folder("e8")).contains("calibration.json"))
  }

  @Test func picturesAreDrawn() throws {
    try Self.makeEncoder("cbam", "cbam", in: folder)
    let map = try run("encoder inspect cbam --heatmap map.png --images in.csv --count 2")
    #expect(map.output.isEmpty && map.errors.contains("rows hat-001, hat-002"), "\(map.errors)")
    #expect(map.errors.contains("layer4.1: gates 0.5000 to 0.5000"))
    let plain = try run("encoder inspect encoder --heatmap no.png --images in.csv", status: 2)
    #expect(plain.errors.contains("no spatial gates"))
    let sheet = try run("extract in.csv --encoder encoder --cache cache --sheet sheet.png")
    #expect(sheet.errors.contains("sheet.png: 3 images"), "\(sheet.errors)")
    for name in ["map.png", "sheet.png"] {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder(name)))
      #expect(data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("no.png")))
  }

  @Test func aDryRunLooksAheadAndWritesNothing() throws {
    let extract = "extract in.csv --encoder encoder --cache cache"
    let plan = try json("\(extract) --dry-run")
    for (key, value) in [
      ("images", 3), ("known", 0), ("without_image", 0), ("vector_bytes", 3 * 512 * 2),
    ] {
      #expect(plan[key] as? Int == value, "\(key)")
    }
    #expect(plan["precision"] as? String == "fp32")
    #expect(!FileManager.default.fileExists(atPath: folder("cache")))
    _ = try run(extract)
    #expect((try json("\(extract) --dry-run"))["known"] as? Int == 3)
    #expect(try run("\(extract) --dry-run").errors.contains("3 have a vector"))
    try folder.write("garbage", to: "cache/cache.json")
    let damaged = try run("\(extract) --dry-run", status: 2)
    #expect(damaged.errors.contains("cache.json") && damaged.errors.contains("repair"))
  }
}
