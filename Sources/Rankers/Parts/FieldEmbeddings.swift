package import NeuralNetworks
package import RankingData
package import Tensors

/// One vector for each field of a row, all of the same width.
///
/// An id has its own vector; a list is the mean of its ids' vectors, so that it is one field and no
/// pairs inside it are counted; a number scales the vector of its column, if numbers are fields too.
package struct FieldEmbeddings: Module {
  private let rows: FieldRows
  /// `[rows, width]`: one vector for each id.
  package let table: Parameter
  /// `[columns, width]`: one vector for each numeric column; nil without any.
  package let numeric: Parameter?
  private let width: Int

  /// Vectors drawn from a normal distribution of deviation `scale`.
  ///
  /// - Parameters:
  ///   - numbers: whether numeric columns have vectors.
  ///   - unknownIsZero: whether unknown ids read zeros in the place of a learned vector.
  package init(
    layout: FeatureLayout, width: Int, scale: Scalar, numbers: Bool = true,
    unknownIsZero: Bool = false, random: inout RandomStream
  ) throws(RankerError) {
    self.width = width
    rows = try FieldRows(layout, sharingHistory: true, unknownIsZero: unknownIsZero)
    try rows.verify(width: width)
    table = Parameter(Tensor(normal: scale, shape: [rows.count, width], random: &random))
    numeric =
      numbers && layout.numericWidth > 0
      ? Parameter(Tensor(normal: scale, shape: [layout.numericWidth, width], random: &random)) : nil
  }

  /// Fields with vectors of ids.
  package var fieldCount: Int { rows.categoricalCount + rows.bagCount }

  /// The vectors of a batch, as tensors `[count, fields, width]` to be joined: categorical fields,
  /// then multi-valued, then numeric ones.
  package func callAsFunction(_ batch: RankingBatch, _ pass: Pass) -> [Tensor] {
    var fields: [Tensor] = []
    if rows.categoricalCount > 0 {
      fields.append(categorical(0..<rows.categoricalCount, batch, pass))
    }
    if rows.bagCount > 0 { fields.append(lists(0..<rows.bagCount, batch, pass)) }
    if let numeric { fields.append(numbers(0..<numeric.value.shape[0], batch, pass)) }
    return fields
  }

  /// The vectors of some categorical fields: `[count, fields, width]`.
  package func categorical(
    _ fields: Range<Int>, _ batch: RankingBatch, _ pass: Pass
  ) -> Tensor {
    pass.gather(table, rows.categoricalRows(batch, fields: Array(fields)))
      .reshaped([batch.count, fields.count, width])
  }

  /// The mean vectors of some multi-valued fields: `[count, fields, width]`.
  package func lists(_ fields: Range<Int>, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let bag = rows.bagRows(batch, fields: Array(fields))
    return pass.gatherBags(table, values: bag.values, offsets: bag.offsets)
      .reshaped([batch.count, fields.count, width])
  }

  /// The vector of the most recent event of each history: `[count, 1, width]`; zeros without one.
  package func lastEvents(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    pass.gather(table, rows.lastRows(batch)).reshaped([batch.count, 1, width])
  }

  /// The vectors of some numeric columns, each times its number: `[count, columns, width]`.
  package func numbers(_ columns: Range<Int>, _ batch: RankingBatch, _ pass: Pass) -> Tensor {
    guard let numeric else { preconditionFailure("numbers have no vectors here") }
    let numbers = batch.numbers(columns).reshaped([batch.count, columns.count, 1])
    let vectors = pass.read(numeric)
    return numbers
      * (columns.count == batch.numericWidth ? vectors : vectors.slice(axis: 0, columns))
  }

  package func collect(into list: inout ParameterList) {
    list.add("table", table, sections: rows.sections)
    if let numeric { list.add("numeric", numeric) }
  }
}
