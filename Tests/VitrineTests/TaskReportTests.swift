import FileSupport
import Foundation
import RankingData
import Testing
import Vitrine

/// Several tasks from the file to the answer.
@Suite struct TaskReportTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func train(_ model: String) throws -> String {
    var lines = ["request,user,item,timestamp,device,click,purchase"]
    for row in 0..<600 {
      let click = row % 3 == 0
      let purchase = !click ? "" : row % 2 == 0 ? "1" : "0"
      lines.append(
        "r\(row / 4),u\(row / 4 % 9),i\(row % 7),\(row / 4),d\(row % 3),\(click ? 1 : 0),\(purchase)"
      )
    }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "log.csv")
    let configuration = """
      model: \(model)
      data: {impressions: "\(folder("log.csv"))", split: {validation: 0.2, test: 0.3}}
      schema: {tasks: [purchase], categorical: [item, device]}
      training: {epochs: 5, batch_size: 64, learning_rate: 0.03}
      """
    _ = try shop.train(configuration, output: folder("model"))
    return configuration
  }

  @Test func everyTaskIsJudged() throws {
    let configuration = try train("{kind: mmoe, experts: 2, expert: [8], tower: [4]}")
    let report = try RankerJudge(shop.file(configuration), part: .test)
      .report(model: folder("model"))
    #expect(report.tasks.map(\.task) == ["click", "purchase"])
    #expect(report.tasks[0].rows == report.rows && report.tasks[1].rows < report.rows / 2)
    for task in report.tasks {
      #expect(Set(task.metrics.map(\.metric)).isSuperset(of: ["AUC", "log loss", "ECE", "PCOC"]))
    }
    let own = report.metrics.first { $0.metric == "AUC" }?.value
    #expect(report.tasks[0].metrics.first { $0.metric == "AUC" }?.value == own)
    let training = try RankerBundle(path: folder("model")).training
    #expect(training.metrics["validation_purchase_auc"] != nil)
    #expect(training.metrics["validation_click_gate_entropy"] != nil)
    // Those of the epoch that was kept.
    #expect(training.metrics["validation_click_auc"] == training.metrics["validation_auc"])
  }

  @Test func answersShowEveryTask() throws {
    _ = try train("{kind: esmm, hidden: [8], score: {click: 1, purchase: 1}}")
    let lines = #"{"id":"r","items":[{"id":"i1"},{"id":"i2","features":{"device":"d1"}}]}"# + "\n"
    let input = try folder.write(lines, to: "in.jsonl")
    _ = try RequestStream.rank(
      input, with: RequestRanker(model: folder("model")), output: folder("out.jsonl"))
    let answer = try #require(try shop.read(RankedList.self, folder("out.jsonl")).first)
    for item in answer.items {
      let tasks = try #require(item.tasks)
      #expect(Set(tasks.keys) == ["click", "purchase", "click_and_purchase"])
      let product = (tasks["click"] ?? 0) * (tasks["purchase"] ?? 0)
      #expect(abs(product - (tasks["click_and_purchase"] ?? 0)) < 1e-5)
      #expect(abs(log(product) - item.score) < 1e-4)
    }
  }
}
