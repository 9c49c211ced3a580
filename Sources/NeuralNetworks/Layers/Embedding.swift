public import Tensors

/// A table of learned vectors, one a vocabulary row. Its gradient touches only the rows looked up.
public struct Embedding: Module {
  /// [rows, width]
  public let weight: Parameter

  /// Normal initialisation around 0.
  public init(rows: Int, width: Int, scale: Scalar = 0.01, random: inout RandomStream) {
    weight = Parameter(Tensor(normal: scale, shape: [rows, width], random: &random))
  }

  /// [rows.count, width]; row -1 reads as zeros.
  public func callAsFunction(_ rows: [Int32], _ pass: Pass) -> Tensor { pass.gather(weight, rows) }

  /// Mean of each bag: [offsets.count - 1, width]; an empty bag reads as zeros.
  public func bags(values: [Int32], offsets: [Int32], _ pass: Pass) -> Tensor {
    pass.gatherBags(weight, values: values, offsets: offsets)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) { list.add("weight", weight) }
}
