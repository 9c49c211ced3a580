/// An order that a model proposes, and how probable it finds it.
public struct SlateProposal: Sendable, Hashable {
  /// Positions in the base order of the list, the first of the slate first.
  public let order: [Int]
  /// Sum of log p over the choices, at temperature 1 however they were drawn.
  public let logProbability: Double

  /// Creates a proposal.
  public init(order: [Int], logProbability: Double) {
    self.order = order
    self.logProbability = logProbability
  }
}
