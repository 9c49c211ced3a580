extension ImpressionLog {
  /// The labels of a further task; NaN where a cell is empty.
  /// - Throws: `RankingDataError` naming a missing column, or the line of a label that is none.
  static func observed(
    _ table: Table, _ rule: LabelRule
  ) throws(RankingDataError) -> Column<Float> {
    if rule.readsText {
      let column = try table.text(rule.name)
      let byCode = column.values.map { $0.isEmpty ? .nan : Float(rule.label(ofText: $0)) }
      return Column(column.codes.lazy.map { byCode[Int($0)] })
    }
    let values = try table.numbers(rule.name)
    if rule.threshold == nil, let row = values.firstIndex(where: { $0 < 0 || $0 > 1 }) {
      throw table.failure(
        .badValue, row: row, column: rule.name,
        "the label of a task is a probability from 0 to 1, not \(values[row]).",
        "Say what counts as 1: {name: \(rule.name), threshold: 1}.")
    }
    return Column(values.lazy.map { Float(rule.label(ofNumber: $0)) })
  }
}
