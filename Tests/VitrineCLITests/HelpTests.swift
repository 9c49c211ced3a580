import Foundation
import Testing

@Suite struct HelpTests {
  /// Names and flags that scripts rely on.
  @Test(arguments: [
    "preprocess": [
      "--stage", "--output", "--resize", "--crop", "--interpolation", "--crop-mode", "decoded",
      "resized", "cropped", "normalized", "bilinear", "bicubic", "center", "squash", "border",
      "--orientation", "--alpha", "--color-profile", "--lenient", "--json",
    ],
    "encoder import": [
      "--architecture", "--weights", "--attention", "--categories", "--output", "resnet18",
      "resnet34", "resnet50", "none", "cbam", "category",
    ],
    "encoder quantize": ["<encoder>", "<images>", "--output", "--sample", "--method", "min-max"],
    "encoder fidelity": ["<encoder>", "<images>", "--precision", "--sample", "bf16"],
    "encoder inspect": ["<encoder>", "--heatmap", "--images", "--count"],
    "extract": [
      "<input>", "--encoder", "--cache", "--precision", "--workers", "--dry-run", "--json",
      "--lenient", "--sheet", "--storage", "fp32", "bf16", "int8", "generation",
    ],
    "cache info": ["--json"], "cache get": ["<item>"], "cache verify": ["<cache>"],
    "cache repair": ["<cache>", "--encoder"], "cache merge": ["<destination>", "<sources>"],
    "cache similar": ["<items>", "--vector", "--top"], "cache drop": ["--generation"],
    "cache compact": ["--drop-unlinked", "--dry-run"],
    "cache export": ["--format", "--output", "npy", "safetensors", "jsonl"],
    "dataset prepare": ["<configuration>", "--output", "--json", "--prepared"],
    "dataset describe": ["<file>", "--catalogue", "--label", "--rows"],
    "dataset split": ["<configuration>", "--output", "--json"],
    "dataset simulate": ["--output", "--seed"], "dataset requests": ["--part", "--output"],
    "train": ["<configuration>", "--output", "--resume", "--warm-start", "--freeze-epochs"],
    "models": ["<kind>", "--json"],
    "evaluate ranker": ["--model", "--against", "--items", "--json"],
    "dataset clicks": [
      "<lists>", "--world", "--eta", "--threshold", "--diverse", "--quantile", "--seed",
      "--sessions",
      "--ranked", "--output", "semi-synthetic", "pbm", "cascade", "dbn",
    ],
    "evaluate policy": ["<slates>", "--log", "--eta", "--reward", "--clip", "--trained-on"],
    "evaluate slates": ["--against", "--requests", "--truth", "--top", "--json"],
    "rank": ["--model", "--cache", "<file>"],
    "rerank": [
      "--model", "--diversity", "--trade-off", "--top", "--cache", "--explain", "none", "mmr",
    ],
  ])
  func everyCommandExplainsItself(_ command: String, _ words: [String]) throws {
    let run = try Command(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(
      run.output.contains(
        "USAGE: vitrine \(command.hasPrefix("evaluate r") ? "evaluate" : command)"))
    for word in words { #expect(run.output.contains(word), "\(word)") }
    #expect(!run.output.contains("\u{1B}"), "no escape codes off a terminal")
  }

  @Test func theTopNamesTheWayAndTheExitStatus() throws {
    let run = try Command("--help")
    for word in ["extract", "train", "rank", "rerank", "64 usage", "130"] {
      #expect(run.output.contains(word), "\(word)")
    }
    let version = try Command("--version")
    #expect(version.status == 0 && version.output.hasPrefix("0."))
  }
}
