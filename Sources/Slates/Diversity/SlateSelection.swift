/// One greedy course over the candidates of a list: what is taken next depends on what was taken
/// before.
package protocol SlateSelection {
  /// The candidate of the largest value among those not taken whose byte of `allowed` is not 0; the
  /// lower index wins ties; nil when there is none.
  mutating func best(_ allowed: [UInt8]) -> Int?
  /// Places a candidate next; any that was not taken, a pinned one too.
  mutating func take(_ candidate: Int)
  /// What a candidate resembled most among those taken before it, and how much; nil for the first.
  func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)?
}

/// One candidate taken, and what it resembled most among those taken before.
public struct SlateChoice: Sendable, Hashable {
  /// Index into the candidates.
  public let candidate: Int
  /// The candidate taken before that it resembles most; `nil` for the first.
  public let nearest: Int?
  /// That similarity; 0 for the first.
  public let similarity: Double
}

extension SlateSelection {
  /// Takes the best `top` of `count` candidates, all of them allowed.
  package mutating func choices(top: Int, of count: Int) -> [SlateChoice] {
    let allowed = [UInt8](repeating: 1, count: count)
    var choices: [SlateChoice] = []
    choices.reserveCapacity(min(max(top, 0), count))
    while choices.count < top, let candidate = best(allowed) {
      take(candidate)
      let nearest = nearest(candidate)
      choices.append(
        SlateChoice(
          candidate: candidate, nearest: nearest?.candidate, similarity: nearest?.similarity ?? 0))
    }
    return choices
  }
}
