package import NeuralNetworks
package import RankingData
package import Tensors

/// The linear terms: one weight for each id of each field, for each number, for each component of
/// the vectors that stand for images, and a bias.
///
/// A multi-valued field contributes the mean of its ids' weights, so that long lists weigh no more
/// than short ones.
package struct FirstOrder: Module {
  /// Whose weight is where in the table.
  package let rows: FieldRows
  /// `[rows, 1]`: one weight for each id.
  package let table: Parameter
  /// `[numbers]`: one weight for each number; nil without any.
  package let dense: Parameter?
  /// `[vectors, width]`: one weight for each component of each vector; nil without any.
  package let vectors: Parameter?
  /// `[1]`
  package let bias: Parameter

  /// Weights of 0 for the fields of a layout, `denseWidth` numbers, and some vectors.
  package init(
    layout: FeatureLayout, denseWidth: Int, vectors: Int = 0, vectorWidth: Int = 0
  ) throws(RankerError) {
    rows = try FieldRows(layout, sharingHistory: false)
    try rows.verify(width: 1)
    table = Parameter(Tensor(zeros: [rows.count, 1]))
    dense = denseWidth > 0 ? Parameter(Tensor(zeros: [denseWidth])) : nil
    self.vectors = vectors > 0 ? Parameter(Tensor(zeros: [vectors, vectorWidth])) : nil
    bias = Parameter(Tensor(zeros: [1]))
  }

  /// The linear part of the logits: `[count]`.
  ///
  /// `numbers` is `[count, denseWidth]`, `images` `[count, vectors, vectorWidth]`.
  package func callAsFunction(
    _ batch: RankingBatch, numbers: Tensor?, images: Tensor? = nil, _ pass: Pass
  ) -> Tensor {
    var logits = Tensor(zeros: [batch.count]) + pass.read(bias)
    if rows.categoricalCount > 0 {
      logits =
        logits
        + pass.gather(table, rows.categoricalRows(batch))
        .reshaped([batch.count, rows.categoricalCount]).sum(axis: 1)
    }
    if rows.bagCount > 0 { logits = logits + lists(0..<rows.bagCount, batch, pass) }
    if let dense, let numbers { logits = logits + (numbers * pass.read(dense)).sum(axis: 1) }
    if let vectors, let images {
      logits = logits + (images * pass.read(vectors)).sum(axis: 2).sum(axis: 1)
    }
    return logits
  }

  /// The sum over some multi-valued fields of the mean weight of their ids: `[count]`.
  private func lists(_ fields: Range<Int>, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let bag = rows.bagRows(batch, fields: Array(fields))
    return pass.gatherBags(table, values: bag.values, offsets: bag.offsets)
      .reshaped([batch.count, fields.count]).sum(axis: 1)
  }

  /// The sum of the squared weights, without the bias: what an L2 penalty shrinks.
  package func squaredWeights(_ pass: Pass) -> Tensor {
    let ids = pass.read(table).square().sum()
    return dense.map { ids + pass.read($0).square().sum() } ?? ids
  }

  package func collect(into list: inout ParameterList) {
    list.add("table", table, sections: rows.sections)
    if let dense { list.add("dense", dense) }
    if let vectors { list.add("visual", vectors) }
    list.add("bias", bias)
  }
}

extension FirstOrder {
  /// The linear part for scoring, where the last of all fields of `columns` are the images and its
  /// numbers are their flags: what the candidates of a request share is summed once.
  ///
  /// - Parameter fields: how many fields `columns` has.
  package func callAsFunction(
    _ batch: RankingBatch, _ sharing: RequestSharing, _ columns: SplitColumns, fields: Int
  ) -> Tensor {
    let pass = Pass.inference()
    let flags = dense.map { $0.value.slice(axis: 0, batch.numericWidth..<$0.value.count) }
    /// `[rows]`: what the images of a side and the lists of a batch add.
    func terms(
      _ side: SplitColumns.Side, _ batch: RankingBatch, lists wanted: Bool
    ) -> Tensor {
      var sums = Tensor(zeros: [batch.count])
      for (range, isShared) in sharing.bags.ranges where isShared == wanted {
        sums = sums + lists(range, batch, pass)
      }
      if let flags {
        for (values, range) in side.numbers {
          sums = sums + (values * flags.slice(axis: 0, range)).sum(axis: 1)
        }
      }
      guard let vectors else { return sums }
      let first = fields - vectors.value.shape[0]
      for (values, range) in side.vectors where range.lowerBound >= first {
        let weights = vectors.value.slice(
          axis: 0, range.lowerBound - first..<range.upperBound - first)
        sums = sums + (values * weights).sum(axis: 2).sum(axis: 1)
      }
      return sums
    }
    var logits = terms(columns.own, batch, lists: false) + bias.value
    logits = logits + terms(columns.shared, columns.heads, lists: true).gatherRows(columns.runs)
    if rows.categoricalCount > 0 {
      logits =
        logits
        + table.value.gatherRows(rows.categoricalRows(batch))
        .reshaped([batch.count, rows.categoricalCount]).sum(axis: 1)
    }
    guard let dense, let numbers = batch.numbers else { return logits }
    let weights = dense.value.slice(axis: 0, 0..<batch.numericWidth)
    return logits + (numbers * weights).sum(axis: 1)
  }
}
