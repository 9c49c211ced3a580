/// Which gates a mixture of experts has.
public protocol ExpertGating: Sendable {
  /// The name of the kind in configurations and bundles.
  static var kind: String { get }
  /// What people are told about the kind.
  static var summary: RankerSummary { get }
  /// The number of gates: one that all tasks read, or one for each.
  static func gates(tasks: Int) -> Int
}
