import Foundation

/// How likely a grade attracts a click once it is looked at:
/// ε + (1 - 2ε) (2^g - 1) / (2^G - 1), where G is the highest grade (Chuklin et al., Click Models
/// for Web Search, 2015).
public struct GradedAttraction: Sendable, Hashable {
  /// ε: clicks on what is not relevant, and none on what is.
  public var noise: Double
  /// G: what the scale of grades ends with.
  public var highestGrade: Double

  /// Creates a scale.
  public init(noise: Double = 0.1, highestGrade: Double) {
    self.noise = noise
    self.highestGrade = highestGrade
  }

  /// Throws `SlateError.configuration` for the first setting out of range.
  func validate() throws(SlateError) {
    guard (0...0.5).contains(noise) else {
      throw .configuration(field: "noise", value: "\(noise)", rule: "it must lie in 0...0.5")
    }
    guard highestGrade > 0, highestGrade <= 64 else {
      throw .configuration(
        field: "highest_grade", value: "\(highestGrade)", rule: "it must lie above 0, up to 64")
    }
  }

  /// The worth of each candidate in 0...1, and its attraction.
  func callAsFunction(_ judged: JudgedList) throws(SlateError) -> [(worth: Double, click: Double)] {
    if let bad = judged.grades.firstIndex(where: { $0 > highestGrade }) {
      throw .grade(
        list: judged.list.id, item: judged.list.ids[bad], value: "\(judged.grades[bad])",
        rule: "the highest grade was said to be \(highestGrade)")
    }
    return judged.grades.map { grade in
      let worth = (exp2(grade) - 1) / (exp2(highestGrade) - 1)
      return (worth, noise + (1 - 2 * noise) * worth)
    }
  }
}
