package import RankingData
package import Tensors

extension VisualBlock {
  /// The image of each candidate alone: one vector and one flag a row.
  package func candidates(_ batch: RankingBatch, _ pass: Pass) -> VisualFields {
    guard flagCount == 2 else { return self(batch, pass) }
    var batch = batch
    batch.visualHistory = Bag(emptyLists: batch.count)
    return self(batch, pass).side(0)
  }

  /// The mean image of each history alone; nil where none is read.
  package func histories(_ batch: RankingBatch, _ pass: Pass) -> VisualFields? {
    guard flagCount == 2 else { return nil }
    var batch = batch
    batch.visualRows = []
    return self(batch, pass).side(1)
  }
}

extension VisualFields {
  /// `[count, 1, width]` and `[count, 1]`: the candidates' (0) or the histories' (1).
  fileprivate func side(_ index: Int) -> VisualFields {
    VisualFields(
      vectors: vectors.slice(axis: 1, index..<index + 1),
      flags: flags.slice(axis: 1, index..<index + 1))
  }
}
