/// Parts rows by time: train before validation before test, as a model is used. Rows of one timestamp
/// always stay together.
public enum TimeSplit: Sendable, Hashable, Codable {
  /// Shares of the rows, as nearly as the timestamps allow.
  case fractions(validation: Double, test: Double)
  /// The first timestamp of the validation rows and of the test rows.
  case cuts(validation: Int64, test: Int64)

  /// Parts the rows. O(n log n).
  /// - Throws: `RankingDataError` when a part that was asked for would be empty.
  package func rows(of timestamps: some Collection<Int64>) throws(RankingDataError) -> SplitRows {
    let (first, second) = try starts(timestamps)
    var rows = SplitRows()
    for (row, time) in timestamps.enumerated() {
      if time < first {
        rows.train.append(Int32(row))
      } else if time < second {
        rows.validation.append(Int32(row))
      } else {
        rows.test.append(Int32(row))
      }
    }
    let wanted: (validation: Bool, test: Bool) =
      switch self {
      case .fractions(let validation, let test): (validation > 0, test > 0)
      case .cuts(let validation, let test): (test > validation, test < .max)
      }
    return try rows.checked(
      validation: wanted.validation, test: wanted.test,
      "validation begins at \(Self.text(first)), the test at \(Self.text(second))",
      "Move the cuts, or give more rows at different times.")
  }

  private static func text(_ time: Int64) -> String { time == .max ? "the end" : "\(time)" }

  private func starts(_ timestamps: some Collection<Int64>) throws(RankingDataError) -> (
    Int64, Int64
  ) {
    switch self {
    case .cuts(let validation, let test):
      guard validation <= test else {
        throw RankingDataError(
          .badValue, problem: "Validation starts at \(validation), after the test at \(test).",
          remedy: "Swap the cuts.")
      }
      return (validation, test)
    case .fractions(let validation, let test):
      guard validation >= 0, test >= 0, validation + test < 1 else {
        throw RankingDataError(
          .badValue, problem: "Shares of \(validation) and \(test) leave nothing to train on.",
          remedy: "Both are at least 0, and together less than 1.")
      }
      let sorted = timestamps.sorted()
      let first = Self.boundary(sorted, Double(sorted.count) * (1 - validation - test))
      let second = Self.boundary(sorted, Double(sorted.count) * (1 - test))
      return (first, max(first, second))
    }
  }

  /// The timestamp whose first row is nearest to a position among the sorted timestamps.
  private static func boundary(_ sorted: [Int64], _ position: Double) -> Int64 {
    let index = Int(position.rounded())
    guard index < sorted.count else { return .max }
    let time = sorted[index]
    let run = sorted[..<index].lastIndex { $0 != time }.map { $0 + 1 } ?? 0
    let next = sorted[index...].firstIndex { $0 != time } ?? sorted.count
    // A cut at the very first timestamp would leave nothing before it.
    let early = run > 0 && index - run <= next - index
    return early || next == sorted.count ? time : sorted[next]
  }
}
