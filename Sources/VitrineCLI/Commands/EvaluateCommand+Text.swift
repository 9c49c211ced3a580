import Foundation
import Vitrine

extension EvaluateCommand.Ranker {
  func print(_ report: RankerReport) {
    let spread = model.count > 1 ? ["deviation"] : []
    var table = TextTable(["metric", "value", "95 % interval"] + spread)
    func add(_ metric: MetricEstimate, _ cells: [String]) {
      table.add(cells + (metric.spread.map { [$0.text()] } ?? []))
    }
    for metric in report.metrics { add(metric, metric.cells) }
    for metric in report.differences {
      var cells = metric.signedCells
      cells[0] += " against \(URL(fileURLWithPath: against[0]).lastPathComponent)"
      add(metric, cells)
    }
    Console.print(table.text)
    if !report.tasks.isEmpty { Console.print("\n" + tasks(report)) }
    if !report.groups.isEmpty { Console.print("\n" + groups(report)) }
  }

  private func tasks(_ report: RankerReport) -> String {
    var names: [String] = []
    for metric in report.tasks.flatMap(\.metrics) where !names.contains(metric.metric) {
      names.append(metric.metric)
    }
    var table = TextTable(["task", "impressions"] + names)
    for task in report.tasks {
      table.add(
        [task.task, "\(task.rows)"]
          + names.map { name in
            task.metrics.first { $0.metric == name }?.value.text() ?? ""
          })
    }
    return table.text
  }

  private func groups(_ report: RankerReport) -> String {
    let names = report.metrics.map(\.metric).filter { name in
      report.groups.contains { $0.metrics[name] != nil }
    }
    var table = TextTable([by ?? "", "share"] + names)
    for group in report.groups {
      table.add(
        [
          group.value ?? "(\(group.values) others)", "\((100 * group.share).text(1)) %",
        ] + names.map { group.metrics[$0]?.text() ?? "" })
    }
    return table.text
  }

  func summary(_ report: RankerReport) -> String {
    func percent(_ share: Double) -> String { "\((100 * share).text(1)) %" }
    var lines = [
      "\(report.rows) impressions of \(report.users) users in \(report.requests) requests"
        + (report.weighted ? ", weighted by row; metrics by request count requests alike" : "")
    ]
    if let unknown = report.unknownItems {
      lines.append("\(percent(unknown)) of them show items that the model does not know")
    }
    let left = Set(report.leftOut.map(\.metric))
    if report.requestsWithoutPositive > 0, !left.contains("ndcg") {
      lines.append(
        "\(percent(report.requestsWithoutPositive)) of the requests have no relevant item")
    }
    if report.impressionsWithoutPair > 0, !left.contains("gauc") {
      lines.append(
        "GAUC leaves out \(percent(report.impressionsWithoutPair)) of the impressions, whose users"
          + " have labels of one kind only")
    }
    for (index, metric) in report.leftOut.enumerated() {
      // One line for all that have the same reason, where the first of them stands.
      let alike = report.leftOut.filter { $0.reason == metric.reason }.map(\.metric)
      if report.leftOut.firstIndex(where: { $0.reason == metric.reason }) == index {
        lines.append("without \(alike.joined(separator: ", ")): \(metric.reason)")
      }
    }
    for metric in report.differences {
      if let seeds = metric.seeds { lines.append("\(metric.metric): \(seeds)") }
    }
    return (lines + ["conventions: \(report.conventions)"]).joined(separator: "\n")
  }
}
