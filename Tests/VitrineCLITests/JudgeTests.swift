import FileSupport
import Foundation
import Testing

/// `evaluate` and `diagnose` on a small shop, from the command line.
@Suite struct JudgeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try Command(
      "dataset", "simulate", Photos.catalogue, "--output", folder("data"), "--sessions", "500",
      "--users", "60")
    try folder.write(
      """
      model: {kind: logistic}
      data: {impressions: data/impressions.csv, split: {validation: 0.2, test: 0.3}}
      schema: {categorical: [device], multi_valued: [history]}
      training: {epochs: 3, learning_rate: 0.01}
      """, to: "train.yaml")
    let trained = try Command("train", "train.yaml", "--output", "model", in: folder.path)
    try #require(trained.status == 0, "\(trained.errors)")
  }

  @Test func aReportWithGroupsConventionsAndAPicture() throws {
    let judged = try Command(
      "evaluate", "train.yaml", "--model", "model", "--metrics", "auc,ndcg,ece", "--at", "1,5",
      "--by", "device", "--empty-requests", "zero", "--gain", "linear", "--calibration-plot",
      "plot.svg", in: folder.path)
    #expect(judged.status == 0, "\(judged.errors)")
    #expect(
      judged.lines.prefix(6).map { $0.prefix { $0 != " " } } == [
        "metric", "AUC", "NDCG@1", "NDCG@5", "ECE", "ECE",
      ])
    #expect(judged.output.contains("mobile") && judged.output.contains("share"))
    #expect(judged.errors.contains("a relevant item count 0"))
    #expect(try text(of: folder("plot.svg")).hasPrefix("<svg"))
    let json = try Command(
      "evaluate", "train.yaml", "--model", "model", "--json", in: folder.path)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(Set(report.keys).isSuperset(of: ["metrics", "left_out", "conventions", "requests"]))
  }

  @Test func whatCannotBeMeasuredIsRefused() throws {
    for (arguments, word) in [
      (["--metrics", "auk"], "auk"), (["--at", "0"], "--at 0"), (["--gain", "cubic"], "cubic"),
    ] {
      let refused = try Command(
        ["evaluate", "train.yaml", "--model", "model"] + arguments, in: folder.path)
      #expect(refused.status == 64 && refused.errors.contains(word), "\(refused.errors)")
    }
    let column = try Command(
      "evaluate", "train.yaml", "--model", "model", "--by", "devise", in: folder.path)
    #expect(column.status == 2 && column.errors.contains("\"device\""), "\(column.errors)")
  }

  @Test func aDiagnosisWithItsPage() throws {
    let found = try Command(
      "diagnose", "train.yaml", "--model", "model", "--scene", "device", "--output", "page.html",
      in: folder.path)
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.lines.last?.hasPrefix("verdict: ") == true)
    let page = try text(of: folder("page.html"))
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<h2>Scenes</h2>"))
    let json = try Command("diagnose", "train.yaml", "--model", "model", "--json", in: folder.path)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(report["verdict"] != nil && report["findings"] != nil)
    let missing = try Command(
      "diagnose", "train.yaml", "--model", "model", "--served", "none.jsonl", in: folder.path)
    #expect(missing.status == 2 && missing.errors.contains("none.jsonl"))
  }
}
