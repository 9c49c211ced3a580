import Yams

extension ConfigurationNode {
  /// Whether the value is a list.
  package var isList: Bool { node.sequence != nil }

  /// A member that must be there.
  package func required(
    _ key: String, _ members: [String: ConfigurationNode]
  ) throws(RankingDataError) -> ConfigurationNode {
    guard let member = members[key] else {
      throw failure(.missingKey, "there is no \"\(key)\".", "Add the key.")
    }
    return member
  }

  /// A list of texts.
  package func strings() throws(RankingDataError) -> [String] {
    var texts: [String] = []
    for element in try elements() { texts.append(try element.string()) }
    return texts
  }

  /// A text, or a list of at least one, all different.
  package func oneOrMore() throws(RankingDataError) -> [String] {
    let texts = isList ? try strings() : [try string()]
    guard !texts.isEmpty, Set(texts).count == texts.count else {
      throw failure(.badValue, "different names are expected here.", "Name each column once.")
    }
    return texts
  }

  /// A list of finite numbers in a range.
  package func numbers(in range: ClosedRange<Double>) throws(RankingDataError) -> [Double] {
    var numbers: [Double] = []
    for element in try elements() { numbers.append(try element.number(in: range)) }
    return numbers
  }
}
