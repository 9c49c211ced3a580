public import NeuralNetworks
import Tensors

/// One vector per candidate from its score, rank, category and image.
public struct CandidateEncoder: Module {
  let category: Embedding?
  let visual: VisualProjection?

  /// A learned view of visual vectors, and a learned vector for candidates without an image.
  struct VisualProjection: Module {
    let projection: Linear
    let norm: LayerNorm
    /// [visual width]
    let missing: Parameter

    func collect(into list: inout ParameterList) {
      list.add("visual", projection)
      list.add("norm", norm)
      list.add("missing", missing)
    }

    /// One row per entry of `rows`: that row of `vectors` seen, or the missing vector for -1.
    func callAsFunction(_ vectors: Tensor, rows: [Int32], _ pass: Pass) -> Tensor {
      let missing = pass.read(missing).reshaped([1, norm.weight.value.count])
      let table =
        vectors.shape[0] == 0
        ? missing : concatenate([norm(projection(vectors, pass), pass), missing], axis: 0)
      let last = Int32(table.shape[0] - 1)
      return table.gatherRows(rows.map { $0 < 0 ? last : $0 })
    }
  }

  init(_ configuration: some CandidateInputs, random: inout RandomStream) {
    category =
      configuration.categories.isEmpty
      ? nil
      : Embedding(
        rows: configuration.categories.count + 1, width: configuration.categoryWidth, scale: 0.1,
        random: &random)
    visual =
      configuration.visualInputs == 0
      ? nil
      : VisualProjection(
        projection: Linear(
          inputs: configuration.visualInputs, outputs: configuration.visualWidth,
          random: &random),
        norm: LayerNorm(width: configuration.visualWidth),
        missing: Parameter(
          Tensor(normal: 0.1, shape: [configuration.visualWidth], random: &random)))
  }

  /// The features of all candidates of a batch: [n · lists, feature width], time-major.
  func callAsFunction(_ batch: SlateBatch, _ pass: Pass) -> Tensor {
    var parts = [batch.numeric]
    if let category { parts.append(category(batch.categories, pass)) }
    if let visual { parts.append(visual(batch.vectors, rows: batch.vectorRows, pass)) }
    return parts.count == 1 ? parts[0] : concatenate(parts, axis: 1)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    if let category { list.add("category", category) }
    visual?.collect(into: &list)
  }
}
