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
  /// - Parameter numbers: whether numeric columns have vectors.
  package init(
    layout: FeatureLayout, width: Int, scale: Scalar, numbers: Bool = true,
    random: inout RandomStream
  ) {
    self.width = width
    rows = FieldRows(layout, sharingHistory: true)
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
      fields.append(
        pass.gather(table, rows.categoricalRows(batch))
          .reshaped([batch.count, rows.categoricalCount, width]))
    }
    if rows.bagCount > 0 {
      let bag = rows.bagRows(batch)
      fields.append(
        pass.gatherBags(table, values: bag.values, offsets: bag.offsets)
          .reshaped([batch.count, rows.bagCount, width]))
    }
    if let numeric {
      let numbers = Tensor(
        batch.numeric.map { Scalar($0) }, shape: [batch.count, batch.numericWidth, 1])
      fields.append(numbers * pass.read(numeric))
    }
    return fields
  }

  package func collect(into list: inout ParameterList) {
    list.add("table", table)
    if let numeric { list.add("numeric", numeric) }
  }
}
