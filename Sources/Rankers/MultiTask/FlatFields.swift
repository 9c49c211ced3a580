public import NeuralNetworks
package import RankingData
package import Tensors

/// What a multi-task network reads of a row: the vectors of its fields, its numbers and its images side
/// by side, as `DenseNetwork` reads them.
public struct FlatFields: Module {
  package let embeddings: FieldEmbeddings
  package var visual: VisualBlock?
  /// Numbers in a row.
  package let width: Int
  private let l2: Scalar

  /// - Throws: `RankerError.configuration` for a schema without features.
  package init(
    _ input: RankerInput, _ settings: MultiTaskSettings, random: inout RandomStream
  ) throws(RankerError) {
    let layout = input.layout
    let scale = Scalar(settings.embeddingScale)
    embeddings = FieldEmbeddings(
      layout: layout, width: settings.width, scale: scale, numbers: false, random: &random)
    if input.readsImages, let description = input.visual {
      visual = VisualBlock(
        input: description, width: settings.width, normalized: true,
        history: input.readsImageHistory, deviation: scale, random: &random)
    }
    let images = visual?.flagCount ?? 0
    let vectors = layout.categorical.count + layout.bags.count + images
    width = vectors * settings.width + layout.numericWidth + images
    l2 = Scalar(settings.l2)
    guard width > 0 else {
      throw .configuration(
        key: "schema", value: "no features", reason: "a ranker needs at least one")
    }
  }

  /// The rows `[count, width]`, and the penalty on the vectors that they touch.
  package func callAsFunction(
    _ batch: RankingBatch, _ pass: Pass
  ) -> (rows: Tensor, penalty: Tensor?) {
    let images = visual.map { $0(batch, pass) }
    let vectors = embeddings(batch, pass) + [images?.vectors].compactMap { $0 }
    let flat = vectors.map { $0.reshaped([batch.count, $0.shape[1] * $0.shape[2]]) }
    let parts = flat + [batch.numbers, images?.flags].compactMap { $0 }
    let rows = parts.count == 1 ? parts[0] : concatenate(parts, axis: 1)
    guard l2 > 0, let first = vectors.first else { return (rows, nil) }
    let squares = vectors.dropFirst().reduce(first.square().sum()) { $0 + $1.square().sum() }
    return (rows, squares * (l2 / 2 / Scalar(batch.count)))
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if embeddings.fieldCount > 0 { list.add("embeddings", embeddings) }
    if let visual { list.add("visual", visual) }
  }
}
