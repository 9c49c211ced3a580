public import NeuralNetworks
package import RankingData
package import Tensors

/// What a dense network reads of a row, side by side: vectors of its ids, mean vectors of its lists,
/// the vector of the last event where asked for, images, numbers, and flags that tell whether there
/// are images.
public struct DenseInput: Module {
  /// What is read.
  package struct Options {
    /// Numbers in the vector of a field.
    package var width: Int
    /// Standard deviation of the first vectors.
    package var scale: Scalar
    /// Whether numeric columns have vectors, and do not enter as they are.
    package var numbersHaveVectors = false
    /// Whether the most recent event of the history is a field of its own.
    package var readsLastEvent = false
    /// Whether unknown ids read zeros in the place of a learned vector.
    package var unknownIsZero = false

    package init(width: Int, scale: Double) {
      self.width = width
      self.scale = Scalar(scale)
    }
  }

  package let options: Options
  package let embeddings: FieldEmbeddings
  package var visual: VisualBlock?
  package let layout: FeatureLayout

  /// - Throws: `RankerError.configuration` for a layout without any field to read.
  package init(
    _ input: RankerInput, _ options: Options, random: inout RandomStream
  ) throws(RankerError) {
    self.options = options
    layout = input.layout
    embeddings = try FieldEmbeddings(
      layout: layout, width: options.width, scale: options.scale,
      numbers: options.numbersHaveVectors, unknownIsZero: options.unknownIsZero, random: &random)
    if input.readsImages, let description = input.visual {
      visual = VisualBlock(
        input: description, width: options.width, normalized: true,
        history: input.readsImageHistory, deviation: options.scale, random: &random)
    }
    guard width > 0 else {
      throw .configuration(
        key: "schema", value: "no features", reason: "a ranker needs at least one")
    }
  }

  /// Whether the last event has a vector.
  package var readsLastEvent: Bool { options.readsLastEvent && layout.historyBag != nil }

  /// Fields with vectors.
  package var vectorCount: Int {
    layout.categorical.count + layout.bags.count + (readsLastEvent ? 1 : 0)
      + (options.numbersHaveVectors ? layout.numericWidth : 0) + (visual?.flagCount ?? 0)
  }

  /// Columns of a row.
  package var width: Int {
    vectorCount * options.width + (options.numbersHaveVectors ? 0 : layout.numericWidth)
      + (visual?.flagCount ?? 0)
  }

  /// The columns of a batch.
  package func callAsFunction(_ batch: RankingBatch, _ pass: Pass) -> DenseColumns {
    let images = visual.map { $0(batch, pass) }
    var vectors = embeddings(batch, pass)
    if readsLastEvent { vectors.append(embeddings.lastEvents(batch, pass)) }
    if let images { vectors.append(images.vectors) }
    let numbers = options.numbersHaveVectors ? nil : batch.numbers
    return DenseColumns(vectors: vectors, numbers: [numbers, images?.flags].compactMap { $0 })
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if embeddings.fieldCount > 0 || options.numbersHaveVectors {
      list.add("embeddings", embeddings)
    }
    if let visual { list.add("visual", visual) }
  }
}

/// The columns that a dense network reads, in order.
package struct DenseColumns {
  /// `[count, fields, width]` each.
  package let vectors: [Tensor]
  /// `[count, columns]` each.
  package let numbers: [Tensor]

  /// `[count, width]`: all of them.
  package var joined: Tensor {
    let flat = vectors.map { $0.reshaped([$0.shape[0], $0.shape[1] * $0.shape[2]]) }
    let parts = flat + numbers
    return parts.count == 1 ? parts[0] : concatenate(parts, axis: 1)
  }

  /// `λ/2 · Σ v²` over the vectors that the batch touches, averaged over its rows; nil for λ = 0. So
  /// the gradient of a table stays sparse.
  package func penalty(_ l2: Double) -> Tensor? {
    guard l2 > 0, let first = vectors.first else { return nil }
    let squares = vectors.dropFirst().reduce(first.square().sum()) { $0 + $1.square().sum() }
    return squares * Scalar(l2 / 2 / Double(first.shape[0]))
  }
}

extension MultilayerPerceptron {
  /// The result for columns that stand apart: `[count, outputs]`. For scoring only.
  package func callAsFunction(_ columns: SplitColumns) -> Tensor {
    guard let first else { preconditionFailure("a network without layers") }
    return continued(from: columns.through(first), .inference())
  }
}
