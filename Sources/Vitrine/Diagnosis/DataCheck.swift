import Foundation
import RankingData
import RankingEvaluation

/// Whether the data is right and sufficient: what comes before every model.
struct DataCheck {
  private let subject: DiagnosisCase

  init(_ subject: DiagnosisCase) { self.subject = subject }

  func run() throws -> (DiagnosisReport.DataFacts, [Finding]) {
    let (log, rows) = (subject.log, subject.rows)
    var facts = DiagnosisReport.DataFacts(parts: [])
    for (name, part) in [
      ("training", rows.train), ("validation", rows.validation), ("test", rows.test),
    ] where !part.isEmpty {
      let positives = part.count { isPositive(log.labels[Int($0)]) }
      facts.parts.append(
        .init(name: name, rows: part.count, positives: Double(positives) / Double(part.count)))
    }
    var findings = labelFindings(facts)
    if subject.schema.item != nil { findings += balance(&facts) }
    if subject.schema.item != nil, subject.schema.request != nil {
      findings += duplicates(&facts)
    }
    return (facts, findings)
  }

  private func labelFindings(_ facts: DiagnosisReport.DataFacts) -> [Finding] {
    guard let train = facts.parts.first, let test = facts.parts.last else { return [] }
    for part in [train, test] {
      let rare = Double(part.rows) * min(part.positives, 1 - part.positives)
      if rare < 20 {
        return [
          Finding(
            .high, .data, "The \(part.name) rows hold too few labels of one kind",
            "\(part.rows) rows with \(percent(part.positives)) positive labels leave"
              + " \(Int(rare)) of the rarer kind.",
            remedy: "Give more rows, or another split. Below twenty nothing can be judged.")
        ]
      }
    }
    // Requests, not rows, are independent.
    let units = Double(Set(subject.rows.test.map { subject.log.requests.codes[Int($0)] }).count)
    let deviation = (train.positives * (1 - train.positives) / units).squareRoot()
    let change = test.positives - train.positives
    guard change.magnitude > 0.2 * train.positives, change.magnitude > 5 * deviation else {
      return []
    }
    return [
      Finding(
        .medium, .data, "The share of positive labels changes from training to test",
        "\(percent(train.positives)) of the training rows are positive, \(percent(test.positives))"
          + " of the test rows.",
        remedy: "Check that labels are joined alike in both periods (late clicks, other logging);"
          + " train on a more recent window, or calibrate on it.")
    ]
  }

  private func balance(_ facts: inout DiagnosisReport.DataFacts) -> [Finding] {
    let log = subject.log
    var shown = [Int](repeating: 0, count: log.items.values.count)
    var clicked = shown
    for row in subject.rows.train {
      let item = Int(log.items.codes[Int(row)])
      shown[item] += 1
      if isPositive(log.labels[Int(row)]) { clicked[item] += 1 }
    }
    let items = shown.indices.filter { shown[$0] > 0 }
    let positives = items.reduce(0) { $0 + clicked[$1] }
    guard positives > 0 else { return [] }
    let sorted = items.map { clicked[$0] }.sorted(by: >)
    let top = sorted.prefix(max(1, sorted.count / 100)).reduce(0, +)
    facts.topItemShare = Double(top) / Double(positives)
    let clicks = items.enumerated().flatMap { index, item in
      [Int32](repeating: Int32(index), count: clicked[item])
    }
    facts.itemGini = try? Exposure(shown: clicks, catalogue: items.count).gini
    // Three clicks of three are luck; the same five times over is how the log was made.
    let always = items.filter { shown[$0] >= 5 && clicked[$0] == shown[$0] }
    let share = Double(always.reduce(0) { $0 + clicked[$1] }) / Double(positives)
    facts.alwaysPositive = share
    guard share > 0.01 else { return [] }
    return [
      Finding(
        .medium, .data, "Some items were only ever logged with a positive label",
        "\(always.count) items, with \(percent(share)) of the training positives, have no row"
          + " without one.",
        remedy: "Log what was shown and not clicked, sample negatives, or back such ids off to"
          + " their category: a model learns that they are always clicked.")
    ]
  }

  private func duplicates(_ facts: inout DiagnosisReport.DataFacts) -> [Finding] {
    let log = subject.log
    var seen: Set<UInt64> = []
    seen.reserveCapacity(log.count)
    var again = 0
    for row in 0..<log.count {
      let key =
        UInt64(UInt32(bitPattern: log.requests.codes[row])) << 32
        | UInt64(UInt32(bitPattern: log.items.codes[row]))
      if !seen.insert(key).inserted { again += 1 }
    }
    let share = Double(again) / Double(log.count)
    facts.duplicates = share
    guard share > 0.001 else { return [] }
    return [
      Finding(
        share > 0.05 ? .medium : .low, .data, "Rows occur twice",
        "\(again) of \(log.count) rows show an item that their request has shown already.",
        remedy: "Join the log once: an impression and its click are one row.")
    ]
  }
}
