import RankingData

/// At most so many candidates of a kind in any so many consecutive positions.
///
/// Candidates without a kind are never capped. A cap holds while the slate is filled: a capped
/// candidate waits until its kind has room again.
public struct CategoryCap: Codable, Sendable, Hashable {
  /// What makes two candidates of a kind: `category`, or the name of an item feature.
  public var by: String
  /// The most of a kind within the window.
  public var most: Int
  /// Consecutive positions that count together; `nil` for the whole slate.
  public var window: Int?
  /// How it gives way, in this order, when no candidate is left that keeps to it. Empty: never; the
  /// slate is then shorter than asked for.
  public var relax: [Relaxation]

  /// One way of giving way.
  public enum Relaxation: String, Codable, Sendable, Hashable, CaseIterable {
    /// The window shrinks by one position at a time, down to one more than `most`: no more than
    /// `most` in a row.
    case window
    /// `most` grows by one at a time.
    case cap
  }

  /// What stands for the candidate's category.
  public static let category = "category"

  /// Two of a category in five positions.
  public init(
    by: String = Self.category, most: Int = 2, window: Int? = 5,
    relax: [Relaxation] = [.window, .cap]
  ) {
    self.by = by
    self.most = most
    self.window = window
    self.relax = relax
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    guard most >= 1 else {
      throw .configuration(
        field: "caps: most", value: "\(most)",
        rule: "it must be at least 1; block what must never be shown")
    }
    guard window ?? .max > most else {
      throw .configuration(
        field: "caps: window", value: "\(window ?? 0)",
        rule: "it must be larger than most (\(most)), or the cap says nothing")
    }
    guard Set(relax).count == relax.count else {
      throw .configuration(
        field: "caps: relax", value: relax.map(\.rawValue).joined(separator: ", "),
        rule: "each way may stand once")
    }
  }

  /// A cap as it applies to one position: as declared, or relaxed.
  struct Level: Sendable, Hashable {
    var most: Int
    var window: Int
  }

  /// The cap as declared and then ever weaker, for a slate of `length` positions; the last one
  /// allows everything if the cap relaxes at all. O(length).
  func levels(length: Int) -> [Level] {
    var level = Level(most: most, window: min(window ?? length, length))
    var levels = [level]
    for step in relax {
      switch step {
      case .window:
        while level.window > most + 1 {
          level.window -= 1
          levels.append(level)
        }
      case .cap:
        while level.most < level.window {
          level.most += 1
          levels.append(level)
        }
      }
    }
    return levels
  }

  /// One sentence for people.
  func text(_ kind: String) -> String {
    let place = window.map { "any \($0) positions" } ?? "a slate"
    return "at most \(most) of \(by == Self.category ? "" : by + " ")“\(kind)” in \(place)"
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case by, most, window, relax }

  /// The keys that it reads.
  public static let keys = CodingKeys.allCases.map(\.rawValue)

  /// Every missing field takes its default; `"window": null` is the whole slate.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try container.update(&by, .by)
    try container.update(&most, .most)
    try container.update(&window, .window)
    try container.update(&relax, .relax)
  }

  /// Writes every field; the whole slate as `null`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(by, forKey: .by)
    try container.encode(most, forKey: .most)
    try container.encode(window, forKey: .window)
    try container.encode(relax, forKey: .relax)
  }
}
