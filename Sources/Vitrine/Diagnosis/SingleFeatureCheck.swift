import Foundation
import RankingData
import RankingEvaluation

/// How well each feature alone orders the test rows: by the rate of positive training rows of its
/// value, or of its interval. Hardly any honest feature gets above 0.9.
struct SingleFeatureCheck {
  private let subject: DiagnosisCase
  private let train: [Int32]
  private let test: [Int32]

  init(_ subject: DiagnosisCase) {
    self.subject = subject
    train = DiagnosisCase.sampled(subject.rows.train)
    test = DiagnosisCase.sampled(subject.rows.test)
  }

  func run() throws -> ([DiagnosisReport.SingleFeature], [Finding]) {
    let (labels, truth) = (subject.classes(train), subject.classes(test))
    let positives = truth.reduce(0, +)
    guard positives >= 10, Float(truth.count) - positives >= 10 else { return ([], []) }
    var result: [DiagnosisReport.SingleFeature] = []
    for feature in subject.features where !feature.isIdentity {
      let scores = scores(of: feature, labels)
      result.append(.init(feature: feature.name, auc: try auc(scores: scores, labels: truth)))
    }
    result.sort { ($1.auc, $0.feature) < ($0.auc, $1.feature) }
    return (
      result,
      result.filter { $0.auc > 0.9 }.map { single in
        Finding(
          .high, .leakage, "\(single.feature) alone nearly gives the label",
          "Its AUC on the test rows is \(readable(single.auc)); above 0.9 hardly any honest feature"
            + " gets.",
          remedy: "Find out when its value is written. If that is after the impression, or because"
            + " of the response, remove it, or join the value that was there before.")
      }
    )
  }

  private func scores(of feature: FeatureColumn, _ labels: [Float]) -> [Float] {
    if let lists = feature.lists(train, subject.compiled),
      let asked = feature.lists(test, subject.compiled)
    {
      return listScores(lists, asked, labels)
    }
    let (known, asked) = codes(of: feature)
    let rates = Rates(known, labels)
    return asked.map { Float(rates[$0]) }
  }

  /// The code of each training row and of each test row: an id, or an interval of the training
  /// rows' quantiles; -1 for a missing number.
  private func codes(of feature: FeatureColumn) -> ([Int32], [Int32]) {
    if case .ids(let column) = feature.source {
      return (train.map { column.codes[Int($0)] }, test.map { column.codes[Int($0)] })
    }
    let first = feature.numbers(train, subject.compiled) ?? []
    let second = feature.numbers(test, subject.compiled) ?? []
    let sorted = first.filter { !$0.isNaN }.sorted()
    let edges = (1..<20).compactMap { sorted.isEmpty ? nil : sorted[sorted.count * $0 / 20] }
    func interval(_ value: Double) -> Int32 {
      value.isNaN ? -1 : Int32(edges.count { value >= $0 })
    }
    return (first.map(interval), second.map(interval))
  }

  /// A list is as good as its ids are on average.
  private func listScores(
    _ lists: [[Int32]], _ asked: [[Int32]], _ labels: [Float]
  ) -> [Float] {
    var codes: [Int32] = []
    var repeated: [Float] = []
    for (list, label) in zip(lists, labels) {
      // The empty list is a value of its own.
      for code in list.isEmpty ? [-1] : list {
        codes.append(code)
        repeated.append(label)
      }
    }
    let rates = Rates(codes, repeated)
    return asked.map { list in
      let ids = list.isEmpty ? [-1] : list
      return Float(ids.reduce(0) { $0 + rates[$1] } / Double(ids.count))
    }
  }
}

/// The share of positive rows of each code, shrunk to that of all rows.
private struct Rates {
  private var counts: [Int32: SIMD2<Double>] = [:]
  private let prior: Double

  init(_ codes: [Int32], _ labels: [Float]) {
    prior = labels.reduce(0) { $0 + Double($1) } / Double(max(labels.count, 1))
    for (code, label) in zip(codes, labels) {
      counts[code, default: SIMD2()] += SIMD2(Double(label), 1)
    }
  }

  subscript(code: Int32) -> Double {
    let count = counts[code] ?? SIMD2()
    return (count[0] + 10 * prior) / (count[1] + 10)
  }
}
