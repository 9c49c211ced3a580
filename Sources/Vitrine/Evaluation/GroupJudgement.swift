import RankingData
import RankingEvaluation

/// Judges the values of a column one by one.
struct GroupJudgement {
  /// The column's values over the rows that are judged.
  let column: Table.TextColumn
  let rows: [Int32]
  let judgement: RankerJudgement

  /// The largest values, with a share, AUC, GAUC, PCOC and NDCG each, then the rest together; means
  /// over trainings.
  func groups(_ scored: [ScoredLog], limit: Int = 20) throws -> [RankerReport.Group] {
    let codes = rows.map { column.codes[Int($0)] }
    var plan = judgement
    plan.metrics = [.auc, .gauc, .pcoc, .ndcg]
    plan.cutoffs = Array(judgement.cutoffs.suffix(1))
    let known = Set(codes).count
    return try GroupRows.parts(of: codes, limit: limit).map { part in
      let measures = try LogMeasures(scored.map { $0.selecting(part.rows) }, against: [], plan)
      return RankerReport.Group(
        value: part.code.map { column.values[Int($0)] },
        values: part.code == nil ? known - limit : 1, rows: part.rows.count,
        share: Double(part.rows.count) / Double(rows.count),
        metrics: Dictionary(
          try measures.values().map { ($0.measure.name, $0.value) },
          uniquingKeysWith: { first, _ in first }))
    }
  }
}
