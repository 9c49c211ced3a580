import Foundation
import RankingData
import RankingEvaluation

/// Whether each feature is distributed in the test rows as in the training rows.
struct DriftCheck {
  private let subject: DiagnosisCase
  private let train: [Int32]
  private let test: [Int32]

  init(_ subject: DiagnosisCase) {
    self.subject = subject
    train = DiagnosisCase.sampled(subject.rows.train)
    test = DiagnosisCase.sampled(subject.rows.test)
  }

  func run() throws -> ([DiagnosisReport.FeatureDrift], [Finding]) {
    let drift = try subject.features.map(measure).sorted {
      ($1.psi, $0.feature) < ($0.psi, $1.feature)
    }
    return (drift, drift.compactMap(finding))
  }

  private func measure(_ feature: FeatureColumn) throws -> DiagnosisReport.FeatureDrift {
    if case .ids(let column) = feature.source { return try ids(feature, column) }
    let first = feature.numbers(train, subject.compiled) ?? []
    let second = feature.numbers(test, subject.compiled) ?? []
    let drift = try NumericDrift(expected: first, actual: second)
    let edges = drift.bins.compactMap(\.from)
    func bin(_ value: Double) -> Int32 {
      value.isNaN ? -1 : Int32(edges.count { value >= $0 })
    }
    let noise = noise(bins: drift.bins.count, first.map(bin), second.map(bin))
    let isMissingBin = drift.missingExpected + drift.missingActual > 0
    return DiagnosisReport.FeatureDrift(
      feature: feature.name, psi: drift.psi, noise: noise.psi, ks: drift.ks,
      ksNoise: noise.ks, new: nil,
      missing: [drift.missingExpected, drift.missingActual], growsByItself: feature.growsByItself,
      isIdentity: feature.isIdentity,
      bins: drift.bins.enumerated().map { index, bin in
        let isLast = index == drift.bins.count - 1
        let name =
          isLast && isMissingBin
          ? "missing"
          : bin.from.map { "≥ \(readable($0))" } ?? edges.first.map { "< \(readable($0))" } ?? "all"
        return .init(name: name, train: bin.expected, test: bin.actual)
      })
  }

  private func ids(
    _ feature: FeatureColumn, _ column: Table.TextColumn
  ) throws -> DiagnosisReport.FeatureDrift {
    // "New" is judged by all training rows: a sample would call rare ids new.
    let drift = try CategoryDrift(
      expected: subject.rows.train.map { column.codes[Int($0)] },
      actual: subject.rows.test.map { column.codes[Int($0)] })
    let noise = noise(
      bins: drift.bins.count, train.map { column.codes[Int($0)] },
      test.map { column.codes[Int($0)] })
    func missing(_ rows: [Int32]) -> Double {
      guard let code = column.values.firstIndex(of: "").map(Int32.init) else { return 0 }
      return Double(rows.count { column.codes[Int($0)] == code }) / Double(max(rows.count, 1))
    }
    return DiagnosisReport.FeatureDrift(
      feature: feature.name, psi: drift.psi, noise: noise.psi, ks: nil, ksNoise: nil,
      new: drift.newShare,
      missing: [missing(train), missing(test)], growsByItself: false,
      isIdentity: feature.isIdentity,
      bins: drift.bins.map { bin in
        let name =
          switch bin.kind {
          case .id: bin.code.map { column.values[Int($0)] } ?? ""
          case .other: "other"
          case .new: "new"
          }
        return .init(
          name: name.isEmpty ? "missing" : name, train: bin.expected, test: bin.actual)
      })
  }

  /// What the index and the distance may be without any drift: mean and two deviations of their
  /// distribution for as many independent values as there are.
  private func noise(bins: Int, _ first: [Int32], _ second: [Int32]) -> (psi: Double, ks: Double) {
    let (m, n) = (independent(first, train), independent(second, test))
    let inverse = 1 / m + 1 / n
    let free = Double(max(bins - 1, 1))
    return ((free + 2 * (2 * free).squareRoot()) * inverse, 1.63 * inverse.squareRoot())
  }

  /// A value that is a user's or an item's own counts once for each of them, not once a row.
  private func independent(_ values: [Int32], _ rows: [Int32]) -> Double {
    func pairs(_ codes: Column<Int32>) -> Int {
      var seen: Set<UInt64> = []
      for (value, row) in zip(values, rows) {
        seen.insert(
          UInt64(UInt32(bitPattern: codes[Int(row)])) << 32 | UInt64(UInt32(bitPattern: value)))
      }
      return seen.count
    }
    let log = subject.log
    return Double(
      max(1, min(values.count, pairs(log.users.codes), pairs(log.items.codes))))
  }

  private func finding(_ drift: DiagnosisReport.FeatureDrift) -> Finding? {
    if drift.growsByItself { return nil }
    if drift.isIdentity {
      guard let new = drift.new, new > 0.2 else { return nil }
      return Finding(
        .medium, .drift, "Many test rows have values of \(drift.feature) that training never saw",
        "\(percent(new)) of them score through the row of unknown ids.",
        remedy: "Train more often, or give the model what it can know of new ones: their category,"
          + " their features, their image.")
    }
    let excess = drift.psi - drift.noise
    let distance = drift.ks ?? 0
    let isFar = distance > 0.05 + (drift.ksNoise ?? 0)
    guard excess >= 0.1 || isFar else { return nil }
    let worst = drift.bins.max { ($0.test - $0.train).magnitude < ($1.test - $1.train).magnitude }
    let example =
      worst.map {
        " \"\($0.name)\" goes from \(percent($0.train)) to \(percent($0.test))."
      } ?? ""
    return Finding(
      excess > 0.25 ? .high : excess >= 0.1 ? .medium : .low, .drift,
      "\(drift.feature) is distributed otherwise in the test rows",
      "PSI \(readable(drift.psi)) (below \(readable(drift.noise)) would be chance)"
        + (distance > 0 ? ", KS \(readable(distance))." : ".") + example,
      remedy: "Find out what changed: a unit, a default, a source, or the world. Mend or drop the"
        + " feature, give it a transform that does not move (a quantile, a ratio), or train on a"
        + " more recent window.")
  }
}
