import FileSupport
import Foundation
import Testing

/// The commands as a user strings them together.
@Suite struct PipeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: String) throws -> Command {
    let run = try Command(line.split(separator: " ").map(String.init), in: folder.path)
    #expect(run.status == 0, "vitrine \(line): \(run.errors)")
    return run
  }

  /// Runs a line of shell in which `vitrine` is the built command.
  private func shell(_ line: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "vitrine() { '\(Command.path)' \"$@\"; }; \(line)"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(line)")
    return String(decoding: data, as: UTF8.self)
  }

  @Test func fromPhotosToSlates() throws {
    _ = try run("dataset simulate \(Photos.catalogue) --output data --sessions 500 --users 50")
    _ = try run(
      "encoder import --architecture resnet18 --random-weights 1 --resize 40 --crop 32 --output e")
    _ = try run("extract \(Photos.catalogue) --encoder e --cache cache")
    try folder.write(
      """
      model: {kind: deepfm, width: 4, hidden: [8]}
      data: {impressions: data/impressions.csv, catalogue: "\(Photos.catalogue)",
             split: {validation: 0.3, test: 0.2}}
      cache: cache
      schema: {categorical: [user, item, category], visual: {items: true, history: true}}
      training: {epochs: 2}
      """, to: "ranker.yaml")
    try folder.write(
      """
      model: {kind: seq2slate, width: 8, cells: 8, visual_width: 4}
      data: {impressions: data/impressions.csv, catalogue: "\(Photos.catalogue)",
             split: {validation: 0.3, test: 0.2}}
      cache: cache
      base: ranker
      training: {epochs: 2}
      """, to: "slate.yaml")
    let trained = try run("train ranker.yaml --output ranker")
    #expect(trained.output.isEmpty && trained.errors.contains("epoch 2:"))
    let slate = try run("train slate.yaml --output slate --json")
    let record = try JSONSerialization.jsonObject(with: Data(slate.output.utf8)) as? [String: Any]
    #expect((record?["metrics"] as? [String: Double])?["validation_ndcg"] != nil)
    _ = try run("dataset requests ranker.yaml --output requests.jsonl")

    let rank = "vitrine rank --model ranker --cache cache requests.jsonl"
    let rerank =
      "vitrine rerank --model slate --diversity mmr --cache cache --top 5 --explain"
    let piped = try shell("\(rank) | \(rerank)")
    #expect(piped == (try shell("\(rank) >ranked.jsonl; \(rerank) ranked.jsonl")))
    let slates = piped.split(separator: "\n")
    let requests = try text(of: folder("requests.jsonl")).split(separator: "\n")
    #expect(slates.count == requests.count && slates.count > 50)
    for line in slates {
      let slate = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let items = try #require(slate["items"] as? [[String: Any]])
      #expect(items.count == 5 && items.allSatisfy { $0["reason"] is String })
    }

    _ = try shell("\(rerank) ranked.jsonl >slates.jsonl")
    let judged = try run(
      "evaluate slates slates.jsonl --against ranked.jsonl --requests requests.jsonl"
        + " --truth data/truth.json --cache cache --json")
    #expect(judged.output.contains("\"clicks per slate\""))
    let report = try run("evaluate ranker.yaml --model ranker")
    #expect(report.output.contains("AUC") && report.errors.contains("impressions of"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func aFullDiskIsAnError() throws {
    let errors = try shell(
      #"printf '{"id":"a","items":[]}\n' | vitrine rerank 2>&1 >/dev/full || echo "status $?""#)
    #expect(errors.contains("standard output: Writing failed"), "\(errors)")
    #expect(errors.hasSuffix("status 2\n"), "\(errors)")
  }

  /// A service that asks one question at a time must not wait for an answer that lies in a buffer.
  @Test func eachAnswerComesBeforeTheNextQuestion() throws {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: Command.path)
    process.arguments = ["rerank", "--top", "1"]
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer { process.terminate() }
    for number in 1...3 {
      let question = #"{"id":"q\#(number)","items":[{"id":"a","score":1},{"id":"b","score":2}]}"#
      try input.fileHandleForWriting.write(contentsOf: Data((question + "\n").utf8))
      let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      #expect(answer.hasPrefix(#"{"id":"q\#(number)","items":[{"id":"b""#), "\(answer)")
      #expect(answer.hasSuffix("\n"))
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
