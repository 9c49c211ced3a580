import CKernels
import Tensors

/// A weight laid out for products with few rows: panels of columns, padded with zeros.
struct PanelWeights: Sendable {
  /// [panels][depth][width of a panel]
  let panels: [Scalar]
  /// One number a column, zeros in the padding; empty without a bias.
  let bias: [Scalar]
  /// Numbers of a row that is multiplied.
  let depth: Int
  /// Numbers of a result, padding included.
  let columns: Int

  /// Columns of a panel.
  static let width = Int(vitrine_panel)

  /// The next multiple of a panel's width.
  static func padded(_ count: Int) -> Int { (count + width - 1) / width * width }

  /// From a weight [outputs, inputs] as layers keep it.
  /// - Parameters:
  ///   - order: the output of each column, -1 for padding; as they come without it. Its length is a
  ///     multiple of `panel`.
  ///   - panel: columns of a panel; a multiple of the kernels' own.
  init(_ weight: Tensor, bias: Tensor? = nil, order: [Int]? = nil, panel: Int = Self.width) {
    let (outputs, depth) = (weight.shape[0], weight.shape[1])
    let order = order ?? (0..<Self.padded(outputs)).map { $0 < outputs ? $0 : -1 }
    let scalars = weight.scalars
    var panels: [Scalar] = []
    panels.reserveCapacity(order.count * depth)
    for first in stride(from: 0, to: order.count, by: panel) {
      for k in 0..<depth {
        for output in order[first..<first + panel] {
          panels.append(output < 0 ? 0 : scalars[output * depth + k])
        }
      }
    }
    self.panels = panels
    self.depth = depth
    columns = order.count
    self.bias = bias.map { bias in order.map { $0 < 0 ? 0 : bias.scalars[$0] } } ?? []
  }

  /// The gates of the same cells side by side, a panel of each: what `Kernels.lstm` wants.
  static func gateOrder(cells: Int) -> [Int] {
    stride(from: 0, to: cells, by: width).flatMap { first in
      (0..<4).flatMap { gate in
        (first..<first + width).map { $0 < cells ? gate * cells + $0 : -1 }
      }
    }
  }
}
