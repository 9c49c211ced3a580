/// A candidate that a rule took out before the slate was arranged.
public struct SlateRemoval: Sendable, Hashable {
  /// Position in the input.
  public let position: Int
  /// Position in the base order, from 0.
  public let rankBefore: Int
  /// Why.
  public let reason: Reason

  /// Why a candidate is not in the slate.
  public enum Reason: Sendable, Hashable {
    /// Its id is blocked.
    case blocked
    /// Its category is blocked.
    case blockedCategory(String)
    /// The user has it already.
    case inHistory
    /// A feature does not have one of the values that it must have.
    case required(feature: String, found: String?)
    /// A feature has a value that it must not have.
    case forbidden(feature: String, value: String)
    /// It was shown often enough.
    case shownTooOften(feature: String, most: Int)
    /// A better candidate shows the same.
    case nearDuplicate(of: String, Likeness)
  }

  /// In which way two candidates show the same.
  public enum Likeness: Sendable, Hashable {
    /// Cosine of their visual vectors.
    case cosine(Double)
    /// The same product.
    case product
    /// Bits in which the perceptual hashes of their images differ.
    case hash(Int)
  }
}

extension SlateRemoval.Reason: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .blocked: "blocked"
    case .blockedCategory(let category): "category “\(category)” is blocked"
    case .inHistory: "in the user's history"
    case .required(let feature, let found):
      "\(feature) is \(found.map { "“\($0)”" } ?? "unknown"), which is not eligible"
    case .forbidden(let feature, let value): "\(feature) is “\(value)”, which is not eligible"
    case .shownTooOften(let feature, let most): "shown \(most) times or more (\(feature))"
    case .nearDuplicate(let other, let likeness):
      switch likeness {
      case .cosine(let cosine):
        "near-duplicate of “\(other)” (cosine \((cosine * 1000).rounded() / 1000))"
      case .product: "same product as “\(other)”"
      case .hash(let bits): "near-duplicate of “\(other)” (\(bits) bits of the image hash differ)"
      }
    }
  }
}

/// Something that the rules asked for and the slate does not have, because it could not be.
public enum SlateConcession: Sendable, Hashable {
  /// No candidate left kept to a cap: at this position it counted as `most` in `window` positions.
  case relaxed(cap: Int, by: String, position: Int, most: Int, window: Int)
  /// No candidate left kept to a cap that does not give way further: the slate is shorter.
  case short(positions: Int, wanted: Int)
  /// A pinned item is not among the candidates, not eligible, or beyond the end of the slate.
  case unpinned(item: String, position: Int)
}

extension SlateConcession: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .relaxed(_, let by, let position, let most, let window):
      "position \(position): the cap on \(by) counted as \(most) in \(window) positions, because no"
        + " other candidate was left"
    case .short(let positions, let wanted):
      "\(positions) positions instead of \(wanted): no candidate was left that the caps allow"
    case .unpinned(let item, let position):
      "“\(item)” is not at position \(position): it is no eligible candidate, or the slate ends"
        + " before it"
    }
  }
}
