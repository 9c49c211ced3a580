package import RankingData

extension SequenceFields {
  /// The rows of the table that each row of a batch reads, one after another and as often as it reads
  /// them. O(ids of the batch).
  package func occurrences(in batch: RankingBatch) -> [Int32] {
    let categorical = rows.categoricalRows(batch, fields: reading.fields + reading.contextFields)
    let bags = rows.bagRows(batch, fields: reading.bags + reading.contextBags)
    return categorical + bags.values
  }
}
