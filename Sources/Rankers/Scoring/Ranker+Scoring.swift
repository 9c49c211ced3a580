public import RankingData
import Tensors

extension Ranker {
  /// Gives the ranker its visual vectors; a ranker without visual features ignores them.
  ///
  /// - Parameter version: the encoder and preprocessing that made the vectors, as a feature cache
  ///   names them.
  /// - Throws: `RankerError.visualVersion` or `.visualWidth` if the ranker was trained on others.
  public mutating func attach(_ table: VisualTable, version: String) throws(RankerError) {
    try visual?.attach(table, version: version)
  }

  /// A copy for scoring, in which every image is projected already. The parameters must not change
  /// while it is used.
  public func prepared() -> Self {
    var copy = self
    copy.visual?.prepare()
    return copy
  }

  /// The logits of a batch, without a tape. Any task may call this at any time.
  public func logits(of batch: RankingBatch) -> [Float] {
    guard batch.count > 0 else { return [] }
    return logits(batch, .inference()).scalars.map { Float($0) }
  }

  /// The probabilities of the positive label, without a tape.
  public func score(_ batch: RankingBatch) -> [Float] {
    guard batch.count > 0 else { return [] }
    return logits(batch, .inference()).sigmoid().scalars.map { Float($0) }
  }
}
