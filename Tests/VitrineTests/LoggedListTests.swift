import FileSupport
import Foundation
import Testing
import Vitrine

/// Slate models from lists that any ranker showed.
@Suite struct LoggedListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Lists whose clicked candidate is the one with the largest `quality`, wherever it stands; `id`,
  /// `noise` and a text beside it.
  private func write(_ name: String, lists: Int, seed: UInt64, clicks: Bool = true) throws {
    var random = SeededRandom(seed: seed)
    var writer = try JSONLinesWriter(path: folder(name))
    for number in 0..<lists {
      let quality = (0..<6).map { _ in Double.random(in: 0..<100, using: &random) }
      try writer.write(
        RankingRequest(
          id: "\(seed)-\(number)", timestamp: Int64(lists - number),
          items: quality.enumerated().map { place, value in
            Candidate(
              id: "d\(place)", score: Double(-place), clicked: clicks && value == quality.max(),
              features: [
                "quality": .number(value), "noise": .number(.random(in: 0..<1, using: &random)),
                "title": "a text",
              ])
          }))
    }
    try writer.flush()
  }

  private func train(
    _ model: String, data: String = "{lists: train.jsonl}", more: String = "", output: String,
    epochs: Int = 1
  ) throws -> TrainingSummary {
    let path = try folder.write(
      """
      model: {kind: seq2slate, width: 8, cells: 8\(model)}
      data: \(data)
      training: {epochs: \(epochs), batch_size: 16, learning_rate: 0.02, steps: 3, seed: 1}
      \(more)
      """, to: "train.yaml")
    return try ModelTraining(TrainingFile(path: path)).run(
      output: folder(output), checkpoint: folder("\(output).checkpoint"), resume: false)
  }

  private func features(of bundle: String) throws -> [CandidateFeature] {
    let specification = try SlateBundle(path: folder(bundle)).model.specification
    guard case .seq2slate(let configuration) = specification else { return [] }
    return configuration.features
  }

  @Test func aModelLearnsFromFeatures() throws {
    try write("train.jsonl", lists: 300, seed: 1)
    try write("validation.jsonl", lists: 60, seed: 2)
    try write("test.jsonl", lists: 60, seed: 3)
    let summary = try train(
      ", features: [quality]", data: "{lists: train.jsonl, validation: validation.jsonl}",
      output: "model", epochs: 12)
    #expect(summary.examples == 300)
    let features = try features(of: "model")
    let feature = try #require(features.first)
    #expect(features.count == 1 && feature.name == "quality")
    #expect(
      abs(Double(feature.mean) - 50) < 3
        && abs(Double(feature.deviation) - 100 / 12.0.squareRoot()) < 2)

    let count = try RequestStream.rerank(
      folder("test.jsonl"), with: SlateArranger.load(.init(model: folder("model"))),
      output: folder("slates.jsonl"))
    #expect(count == 60)
    let report = try SlateJudge(top: 10, requests: folder("test.jsonl")).report(
      slates: folder("slates.jsonl"))
    let ndcg = try #require(report.metrics.first { $0.metric == "NDCG@10" })
    #expect(ndcg.value > 0.9, "\(ndcg)")
  }

  @Test func allFeaturesAreNumbersByName() throws {
    try write("train.jsonl", lists: 40, seed: 1)
    _ = try train(", features: all", output: "model")
    #expect(try features(of: "model").map(\.name) == ["noise", "quality"])
    _ = try train("", output: "plain")
    #expect(try features(of: "plain").isEmpty)
  }

  @Test func theLastListsByTimeDecide() throws {
    try write("train.jsonl", lists: 40, seed: 1)
    #expect(try train("", output: "model").examples == 30)
    // The first lines are the latest: without their clicks nothing says when to stop.
    let lines = try text(of: folder("train.jsonl")).split(separator: "\n")
    let silent = lines.enumerated().map { number, line in
      number < 10
        ? String(line).replacing("\"clicked\":true", with: "\"clicked\":false") : String(line)
    }
    try folder.write(silent.joined(separator: "\n"), to: "train.jsonl")
    let error = #expect(throws: SlateError.self) { try train("", output: "model") }
    #expect(error?.description.contains("validation") == true)
  }

  @Test func mistakesAreNamed() throws {
    try write("train.jsonl", lists: 20, seed: 1)
    try write("silent.jsonl", lists: 20, seed: 2, clicks: false)
    func failure(_ model: String, data: String = "{lists: train.jsonl}", more: String = "")
      -> String
    {
      do {
        _ = try train(model, data: data, more: more, output: "model")
        return "no failure"
      } catch { return "\(error)" }
    }
    let nearest = failure(", features: [qualty]")
    #expect(nearest.contains("qualty") && nearest.contains("\"quality\""), "\(nearest)")
    #expect(failure(", features: [title]").contains("title"))
    #expect(failure(", features: [noise, noise]").contains("features"))
    #expect(failure("", data: "{lists: silent.jsonl}").contains("click"))
    #expect(failure("", data: "{lists: absent.jsonl}").contains("absent.jsonl"))
    #expect(failure("", data: "{lists: train.jsonl, impressions: a.csv}").contains("impressions"))
    #expect(failure("", more: "base: ranker").contains("base"))
    #expect(failure("", more: "schema: {categorical: [user]}").contains("schema"))
    #expect(
      failure(", features: all", data: "{impressions: a.csv}", more: "base: b")
        .contains("features"))
  }

  @Test func theCommandLineNamesNoLogBesideLists() throws {
    let path = try folder.write(
      "model: {kind: seq2slate}\ndata: {lists: train.jsonl}\n", to: "train.yaml")
    var overrides = TrainingFile.Overrides()
    overrides.base = "ranker"
    #expect(throws: RankingDataError.self) { try TrainingFile(path: path, overrides: overrides) }
    guard case .slate(_, .lists(let files)) = try TrainingFile(path: path).task else {
      Issue.record("no lists")
      return
    }
    #expect(files.training == [folder("train.jsonl")])
  }
}
