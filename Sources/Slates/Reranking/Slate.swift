/// An arranged list: what is shown, what was taken out, and what the rules could not have.
public struct Slate: Sendable, Hashable {
  /// What is shown, in order.
  public var placements: [Placement]
  /// Candidates that a rule took out, in base order.
  public var removals: [SlateRemoval]
  /// Where rules gave way, in order of position.
  public var concessions: [SlateConcession]

  /// One place of the slate.
  public struct Placement: Sendable, Hashable {
    /// Position in the input.
    public let position: Int
    /// Position in the base order, from 0.
    public let rankBefore: Int
    /// Why the item stands here, when asked for.
    public let explanation: SlateExplanation?
  }
}
