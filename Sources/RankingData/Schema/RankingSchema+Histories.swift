extension RankingSchema {
  /// Gives each list beside the history, such as `history.category`, the length of the history.
  /// - Throws: `RankingDataError` where there is no history, or no categorical field whose values the
  ///   list could hold.
  mutating func alignHistories(at node: ConfigurationNode? = nil) throws(RankingDataError) {
    let history = multiValued.first(where: \.isHistory)
    for (index, field) in multiValued.enumerated() {
      guard let attribute = field.historyAttribute else { continue }
      func failure(_ problem: String, _ remedy: String) -> RankingDataError {
        node?.failure(.badValue, problem, remedy)
          ?? RankingDataError(.badValue, problem: problem, remedy: remedy)
      }
      guard let history else {
        throw failure(
          "\"\(field.name)\" stands beside the history, and there is none.",
          "List history under multi_valued, too.")
      }
      guard categorical.contains(where: { $0.name == attribute }) else {
        throw failure(
          "\"\(field.name)\" holds the \(attribute) of past items, but no categorical field is"
            + " \"\(attribute)\".",
          "List \(attribute) under categorical: the candidates' own values share the vocabulary.")
      }
      multiValued[index].limit = history.limit
    }
  }

  /// Columns whose values of past items a ranker reads.
  package var historyAttributes: [String] { multiValued.compactMap(\.historyAttribute) }

  /// The categorical field whose vocabulary a list shares.
  func sharedField(of field: MultiValuedField) -> Int? {
    guard let name = field.isHistory ? item : field.historyAttribute else { return nil }
    return categorical.firstIndex { $0.name == name }
  }
}
