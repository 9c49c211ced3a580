import NeuralNetworks
import RankingData
import Tensors

/// The training rows of a linear model with numbers and images brought to mean 0 and deviation 1, and
/// the way back from weights of these to weights of what the model reads.
///
/// A margin is a length, so columns must have a common scale; a column that never changes has none and
/// gets the weight 0. Ids are left as they are: scaled, the rarest would be the largest.
package struct LinearDesign {
  package private(set) var rows: LinearRows
  private let numbers: Int
  private let image: Int
  /// Of each dense column.
  private var center: [Double]
  /// 0 for a constant column.
  private var scale: [Double]
  private let tableRows: Int
  private let hasConstant: Bool

  /// - Parameter constant: whether a last column is 1 throughout, whose weight is the bias.
  /// - Complexity: O(entries) time and memory.
  package init(of source: some RankingBatchSource, for model: LinearModel, constant: Bool) {
    let table = model.visual?.attachedTable
    let layout = model.firstOrder.rows
    numbers = model.layout.numericWidth
    image = table?.width ?? 0
    tableRows = layout.count
    hasConstant = constant
    // Sparse columns: ids, then whether the image is missing, then the constant.
    var rows = LinearRows(denseWidth: numbers + image, sparseWidth: tableRows + 2)
    var hasImage: [Bool] = []
    let order = Array(0..<Int32(source.count))
    for first in stride(from: 0, to: order.count, by: 4096) {
      let batch = source.batch(order[first..<min(first + 4096, order.count)])
      let ids = layout.categoricalRows(batch)
      let bags = layout.bagRows(batch)
      for row in 0..<batch.count {
        var sparse: [(column: Int32, value: Float)] = []
        for field in 0..<layout.categoricalCount {
          sparse.append((ids[row * layout.categoricalCount + field], 1))
        }
        for field in 0..<layout.bagCount {
          let list = bags[row * layout.bagCount + field]
          for id in list { sparse.append((id, 1 / Float(list.count))) }
        }
        var dense = Array(batch.numeric[row * numbers..<(row + 1) * numbers])
        if let table {
          let place = batch.visualRows.isEmpty ? -1 : batch.visualRows[row]
          let found = place >= 0 && Int(place) < table.count
          dense += found ? Array(table.vector(place)) : [Float](repeating: 0, count: image)
          hasImage.append(found)
          if !found { sparse.append((Int32(tableRows), 1)) }
        }
        if constant { sparse.append((Int32(tableRows + 1), 1)) }
        rows.append(dense: dense, sparse: sparse)
      }
    }
    self.rows = rows
    center = []
    scale = []
    for column in 0..<numbers + image {
      standardize(column, hasImage: column < numbers ? nil : hasImage)
    }
  }

  /// Rows without an image stand at the mean of those with one.
  private mutating func standardize(_ column: Int, hasImage: [Bool]?) {
    let width = rows.denseWidth
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for row in 0..<rows.count where hasImage?[row] ?? true {
      count += 1
      sum += Double(rows.dense[row * width + column])
    }
    let mean = count > 0 ? sum / count : 0
    for row in 0..<rows.count where hasImage?[row] ?? true {
      let distance = Double(rows.dense[row * width + column]) - mean
      squares += distance * distance
    }
    let deviation = count > 0 ? (squares / count).squareRoot() : 0
    // Below the precision of a Float nothing but rounding is left.
    let factor = deviation > 1e-7 * max(1e-30, abs(mean)) ? 1 / deviation : 0
    for row in 0..<rows.count {
      let place = row * width + column
      rows.dense[place] =
        hasImage?[row] ?? true ? Float((Double(rows.dense[place]) - mean) * factor) : 0
    }
    center.append(mean)
    scale.append(factor)
  }

  /// Writes the weights of a solution into the model, as `slope · score + offset` if it is calibrated.
  package func place(
    _ weights: [Double], slope: Double = 1, offset: Double = 0, into model: LinearModel
  ) {
    let own = (0..<rows.denseWidth).map { slope * weights[$0] * scale[$0] }
    let sparse = weights[rows.denseWidth...].map { slope * $0 }
    var bias = offset + (hasConstant ? sparse[tableRows + 1] : 0)
    for column in 0..<numbers { bias -= own[column] * center[column] }
    let firstOrder = model.firstOrder
    firstOrder.table.value = Tensor(sparse[..<tableRows].map { Scalar($0) }, shape: [tableRows, 1])
    firstOrder.dense?.value = Tensor(own[..<numbers].map { Scalar($0) })
    firstOrder.bias.value = Tensor([Scalar(bias)])
    guard let visual = model.visual, image > 0 else { return }
    // The block reads (vector - its center) · its scale.
    let blockScale = Double(visual.scale.value.item())
    let blockCenter = visual.center.value.scalars.map { Double($0) }
    var imageBias = 0.0
    for column in 0..<image {
      imageBias += own[numbers + column] * (blockCenter[column] - center[numbers + column])
    }
    visual.projection.weight.value = Tensor(
      own[numbers...].map { Scalar($0 / blockScale) }, shape: [1, image])
    visual.projection.bias?.value = Tensor([Scalar(imageBias)])
    visual.missing.value = Tensor([Scalar(sparse[tableRows])])
  }
}

extension VisualBlock {
  /// The table, if one is attached and not yet projected.
  fileprivate var attachedTable: VisualTable? {
    if case .table(let table) = source, table.count > 0 { table } else { nil }
  }
}
