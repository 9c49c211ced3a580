import FileSupport
import Foundation
import Testing

/// What goes wrong must say what, where, why and what to do, on standard error, with the status
/// that scripts expect, and nothing on standard output.
@Suite struct ErrorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var input = ""
    var status: Int32 = 2
    var says: [String]

    init(_ arguments: String, input: String = "", status: Int32 = 2, says: String...) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.input = input
      self.status = status
      self.says = says
    }

    var testDescription: String { "vitrine \(arguments.joined(separator: " ")) <<< \(input)" }
  }

  @Test(arguments: [
    Mistake("bogus", status: 64, says: "bogus", "--help"),
    Mistake("rank", status: 64, says: "--model"),
    Mistake("rerank --top 0", status: 64, says: "--top 0"),
    Mistake("rerank --trade-off 1.5", status: 64, says: "1.5", "0 to 1"),
    Mistake("rerank --diversity dpq", status: 64, says: "dpq", "mmr"),
    Mistake("extract a --encoder e --cache c --workers 0", status: 64, says: "--workers 0"),
    Mistake("preprocess a.jpg --stage normal --output x.npy", status: 64, says: "normalized"),
    Mistake(
      "preprocess a.jpg --stage resized --resize 0 --output x.npy", status: 64, says: "--resize 0"),
    Mistake("encoder import --architecture resnet18 --output e", status: 64, says: "--weights"),
    Mistake(
      "encoder import --architecture resnet18 --weights no.safetensors --output e",
      says: "no.safetensors", "No such file"),
    Mistake(
      "encoder import --architecture resnet18 --random-weights 1 --attention category --output e",
      says: "--categories"),
    Mistake(
      "encoder import --architecture resnet18 --random-weights 1 --categories list --output e",
      says: "list", "cannot be read", "one category a line"),
    Mistake("encoder inspect nowhere", says: "nowhere/encoder.json", "encoder import"),
    Mistake("encoder inspect e --heatmap x.png", status: 64, says: "--images"),
    Mistake("encoder inspect e --images i", status: 64, says: "--heatmap"),
    Mistake("encoder quantize e i --output o --sample 0", status: 64, says: "--sample 0"),
    Mistake("encoder quantize e i --output o --bogus", status: 64, says: "--bogus"),
    Mistake(
      "encoder quantize e i --output o --method best", status: 64, says: "best", "percentile"),
    Mistake("encoder quantize nowhere i --output o", says: "nowhere/encoder.json"),
    Mistake("encoder fidelity e i", status: 64, says: "--precision"),
    Mistake("encoder fidelity e i --precision fp16", status: 64, says: "fp16", "bf16"),
    Mistake(
      "extract a --encoder e --cache c --precision int4", status: 64, says: "int4", "int8"),
    Mistake("extract a --encoder e --cache c --strict", status: 64, says: "--strict"),
    Mistake("preprocess a.jpg --stage resized --output x --alpha black", status: 64, says: "white"),
    Mistake("cache drop c", status: 64, says: "--generation"),
    Mistake("cache similar c", status: 64, says: "--vector"),
    Mistake("extract nowhere --encoder nowhere --cache c", says: "nowhere/encoder.json"),
    Mistake("preprocess no.jpg --stage resized --output x.npy", says: "no.jpg"),
    Mistake("cache info nowhere", says: "nowhere", "vitrine extract"),
    Mistake("dataset simulate no.csv --output d", says: "no.csv", "does not exist"),
    Mistake("train no.yaml --output m", says: "no.yaml", "does not exist"),
    Mistake("rank --model nowhere", says: "nowhere/model.json", "train"),
    Mistake("rerank --model nowhere", says: "nowhere/model.json"),
    Mistake("rerank no.jsonl", says: "no.jsonl", "does not exist"),
    Mistake("rerank", input: "{", says: "standard input:1:2"),
    Mistake("rerank", input: "[]\n", says: "standard input:1:1", "object"),
    Mistake(
      "rerank", input: #"{"id":"a","itmes":[]}"#, says: "standard input:1:1", "\"itmes\""),
    Mistake(
      "rerank", input: #"{"id":"a","items":[{"id":"x","score":"1"}]}"#, says: ":1:38", "number"),
    Mistake(
      "rerank", input: #"{"id":"a","items":[{"id":"x","score":1e999}]}"#, says: ":1:38", "range"),
    Mistake(
      "rerank", input: #"{"id":"a","items":[{"id":"x","score":NaN}]}"#, says: ":1:38", "finite"),
    Mistake(
      "rerank", input: #"{"id":"a","items":[{"id":"x","score":1},{"id":"y"}]}"#, says: "“y”",
      "“a”"),
    Mistake(
      "rerank", input: #"{"id":"a","items":[{"id":"x","score":1},{"id":"x","score":2}]}"#,
      says: ":1:41", "twice"),
    Mistake("rerank", input: "{\"id\":\"a\",\"items\":[]}\n{\"id\":7}\n", says: ":2:7", "string"),
  ])
  func mistakes(_ mistake: Mistake) throws {
    let folder = try TemporaryFolder()
    let run = try Command(mistake.arguments, input: mistake.input, in: folder.path)
    #expect(run.status == mistake.status, "\(run.errors)")
    for part in mistake.says { #expect(run.errors.contains(part), "\(run.errors)") }
    for dump in ["Swift.", "Error Domain", "Optional(", "DecodingError"] {
      #expect(!run.errors.contains(dump), "\(run.errors)")
    }
    #expect(run.output.isEmpty || mistake.input.contains("\n{"))
    #expect(try names(in: folder.path).isEmpty, "nothing is left behind")
  }
}
