package import Tensors

/// A normalisation in front of a network, or none.
package struct InputNorm: Module {
  private let layer: LayerNorm?
  private let batch: BatchNorm2D?

  package init(_ normalization: HiddenNormalization, width: Int) {
    layer = normalization == .layer ? LayerNorm(width: width) : nil
    batch = normalization == .batch ? BatchNorm2D(channels: width) : nil
  }

  /// x [rows, width] -> [rows, width]
  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    layer?(x, pass) ?? batch?(x, pass) ?? x
  }

  package func collect(into list: inout ParameterList) {
    layer?.collect(into: &list)
    batch?.collect(into: &list)
  }
}
