import NeuralNetworks
import Tensors

/// The numbers of a list's candidates without a tape, in reused memory: what `CandidateEncoder`
/// computes.
struct CandidateRows: Sendable {
  /// What it takes from a model.
  struct Weights: Sendable {
    let source: SlateFeatures
    /// Numbers that describe one candidate.
    let width: Int
    let numericWidth: Int
    let categoryWidth: Int
    let categories: [Scalar]
    let visual: Visual?

    struct Visual: Sendable {
      let projection: PanelWeights
      let gain: [Scalar]
      let bias: [Scalar]
      let missing: [Scalar]
    }

    init(_ encoder: CandidateEncoder, _ source: SlateFeatures, _ inputs: some CandidateInputs) {
      self.source = source
      width = inputs.featureWidth
      numericWidth = inputs.numericWidth
      categoryWidth = inputs.categoryWidth
      categories = encoder.category?.weight.value.scalars ?? []
      visual = encoder.visual.map {
        Visual(
          projection: PanelWeights($0.projection.weight.value, bias: $0.projection.bias?.value),
          gain: $0.norm.weight.value.scalars, bias: $0.norm.bias.value.scalars,
          missing: $0.missing.value.scalars)
      }
    }
  }

  /// [candidates, width]
  private(set) var values: [Scalar] = []
  private var vectors: [Scalar] = []
  private var norms: [Scalar] = []
  private var projected: [Scalar] = []

  /// Makes room for `count` candidates.
  mutating func prepare(_ count: Int, _ weights: Weights) {
    values.grow(to: count * weights.width)
    guard let visual = weights.visual else { return }
    vectors.grow(to: count * visual.projection.depth)
    norms.grow(to: count)
    projected.grow(to: count * visual.projection.columns)
  }

  /// Writes the numbers of every candidate.
  mutating func describe(_ list: SlateList, _ weights: Weights) throws(SlateError) {
    let (width, numericWidth) = (weights.width, weights.numericWidth)
    let visualRows = try weights.source.visualRows(of: list)
    let numeric = try weights.source.numeric(of: list, visualRows: visualRows)
    for i in 0..<list.count {
      for k in 0..<numericWidth { values[i * width + k] = numeric[i * numericWidth + k] }
    }
    var offset = numericWidth
    if !weights.categories.isEmpty {
      let categoryWidth = weights.categoryWidth
      for (i, category) in weights.source.categories(of: list).enumerated() {
        for k in 0..<categoryWidth {
          values[i * width + offset + k] = weights.categories[Int(category) * categoryWidth + k]
        }
      }
      offset += categoryWidth
    }
    if let visual = weights.visual {
      try see(list, visualRows, visual, width: width, at: offset)
    }
  }

  /// Projects and normalises the visual vectors.
  private mutating func see(
    _ list: SlateList, _ rows: [Int32], _ visual: Weights.Visual, width: Int, at offset: Int
  ) throws(SlateError) {
    let (outputs, columns) = (visual.gain.count, visual.projection.columns)
    let seen = rows.filter { $0 >= 0 }
    if !seen.isEmpty {
      Kernels.centredRows(list.visuals, seen, into: &vectors, squaredNorms: &norms)
      Kernels.product(
        vectors, stride: visual.projection.depth, visual.projection, into: &projected,
        rows: seen.count)
    }
    var present = 0
    for (i, row) in rows.enumerated() {
      let start = i * width + offset
      guard row >= 0 else {
        for k in 0..<outputs { values[start + k] = visual.missing[k] }
        continue
      }
      var (sum, squares): (Scalar, Scalar) = (0, 0)
      for k in 0..<outputs { sum += projected[present * columns + k] }
      let mean = sum / Scalar(outputs)
      for k in 0..<outputs {
        let centred = projected[present * columns + k] - mean
        values[start + k] = centred
        squares += centred * centred
      }
      guard norms[present].isFinite, squares.isFinite else {
        throw .visualNotFinite(list: list.id, item: list.ids[i])
      }
      let scale = 1 / (squares / Scalar(outputs) + 1e-5).squareRoot()
      for k in 0..<outputs {
        values[start + k] = values[start + k] * scale * visual.gain[k] + visual.bias[k]
      }
      present += 1
    }
  }
}

extension Array where Element: Numeric {
  /// Makes it at least so long. What it held before is lost where it grows.
  mutating func grow(to count: Int) {
    if self.count < count { self = Array(repeating: 0, count: count) }
  }
}
