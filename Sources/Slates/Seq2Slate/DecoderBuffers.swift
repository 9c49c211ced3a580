package import Tensors

/// The working memory of one call of `GreedyDecoder`, and the steps on it.
package struct DecoderBuffers: Sendable {
  private let configuration: Seq2SlateConfiguration
  /// Candidates the buffers hold.
  private(set) var capacity = 0
  /// Scores of the step decoded last, one a candidate.
  package private(set) var scores: [Scalar] = []

  private var features: [Scalar] = []
  private var vectors: [Scalar] = []
  private var norms: [Scalar] = []
  private var projected: [Scalar] = []
  private var inputs: [Scalar] = []
  private var gates: [Scalar] = []
  private var states: [Scalar] = []
  private var keys: [Scalar] = []
  private var open: [UInt8] = []
  private var row: [Scalar]
  private var hidden: [Scalar]
  private var cell: [Scalar]
  private var query: [Scalar]
  private var stepGates: [Scalar]
  private var stepState: [Scalar]
  private var isFirst = true

  package init(_ configuration: Seq2SlateConfiguration) {
    self.configuration = configuration
    let zeros = [Scalar](repeating: 0, count: configuration.cells)
    row = [Scalar](repeating: 0, count: configuration.width)
    (hidden, cell, query, stepState) = (zeros, zeros, zeros, zeros)
    stepGates = [Scalar](repeating: 0, count: 4 * configuration.cells)
  }

  /// Makes room for `count` candidates.
  package mutating func prepare(_ count: Int) {
    guard count > capacity else { return }
    capacity = count
    func zeros(_ width: Int) -> [Scalar] { [Scalar](repeating: 0, count: count * width) }
    features = zeros(configuration.featureWidth)
    vectors = zeros(configuration.visualInputs)
    norms = zeros(configuration.visualInputs == 0 ? 0 : 1)
    projected = zeros(configuration.visualInputs == 0 ? 0 : configuration.visualWidth)
    inputs = zeros(configuration.width)
    gates = zeros(4 * configuration.cells)
    states = zeros(configuration.cells)
    keys = zeros(configuration.cells)
    scores = zeros(1)
    open = [UInt8](repeating: 0, count: count)
  }

  /// Encodes a list and stands before its first step.
  package mutating func encode(
    _ list: SlateList, _ features: SlateFeatures, _ weights: GreedyDecoder.Weights
  ) throws(SlateError) {
    let count = list.count
    try describe(list, features, weights)
    Kernels.dense(self.features, weights.input, into: &inputs, rows: count)
    Kernels.dense(inputs, weights.encoderInput, into: &gates, rows: count)
    for k in hidden.indices { (hidden[k], cell[k]) = (0, 0) }
    Kernels.lstm(
      gates: &gates, recurrent: weights.encoderRecurrent, hidden: &hidden, cell: &cell,
      outputs: &states, steps: count)
    Kernels.dense(states, weights.keys, into: &keys, rows: count)
    for i in 0..<count { open[i] = 1 }
    isFirst = true
  }

  /// Scores what is left for the next step.
  package mutating func score(_ list: SlateList, _ weights: GreedyDecoder.Weights)
    throws(SlateError)
  {
    if isFirst {
      for k in stepGates.indices { stepGates[k] = weights.go[k] }
      isFirst = false
    } else {
      Kernels.dense(row, weights.decoderInput, into: &stepGates, rows: 1)
    }
    Kernels.lstm(
      gates: &stepGates, recurrent: weights.decoderRecurrent, hidden: &hidden, cell: &cell,
      outputs: &stepState, steps: 1)
    Kernels.dense(hidden, weights.queries, into: &query, rows: 1)
    Kernels.additiveScores(
      keys: keys, query: query, vector: weights.vector, open: open, into: &scores,
      count: list.count)
    for i in 0..<list.count where open[i] != 0 && !scores[i].isFinite {
      throw .outputNotFinite(list: list.id)
    }
  }

  /// Decodes one step and takes its best candidate.
  mutating func choose(
    _ list: SlateList, _ weights: GreedyDecoder.Weights, isLast: Bool
  ) throws(SlateError) -> Int {
    try score(list, weights)
    var best = -1
    for i in 0..<list.count where open[i] != 0 {
      if best < 0 || scores[i] > scores[best] { best = i }
    }
    open[best] = 0
    if !isLast {
      let width = configuration.width
      for k in 0..<width { row[k] = inputs[best * width + k] }
    }
    return best
  }

  /// Writes the features of every candidate.
  private mutating func describe(
    _ list: SlateList, _ source: SlateFeatures, _ weights: GreedyDecoder.Weights
  ) throws(SlateError) {
    let width = configuration.featureWidth
    let visualRows = try source.visualRows(of: list)
    let numeric = try source.numeric(of: list, visualRows: visualRows)
    let numericWidth = configuration.numericWidth
    for i in 0..<list.count {
      for k in 0..<numericWidth { features[i * width + k] = numeric[i * numericWidth + k] }
    }
    var offset = numericWidth
    if !weights.categories.isEmpty {
      let categoryWidth = configuration.categoryWidth
      for (i, category) in source.categories(of: list).enumerated() {
        for k in 0..<categoryWidth {
          features[i * width + offset + k] = weights.categories[Int(category) * categoryWidth + k]
        }
      }
      offset += categoryWidth
    }
    if let visual = weights.visual {
      try see(list, visualRows, visual, at: offset)
    }
  }

  /// Projects and normalises the visual vectors into the features.
  private mutating func see(
    _ list: SlateList, _ rows: [Int32], _ visual: GreedyDecoder.Weights.Visual, at offset: Int
  ) throws(SlateError) {
    let outputs = configuration.visualWidth
    let width = configuration.featureWidth
    let seen = rows.filter { $0 >= 0 }
    if !seen.isEmpty {
      Kernels.centredRows(list.visuals, seen, into: &vectors, squaredNorms: &norms)
      Kernels.dense(vectors, visual.projection, into: &projected, rows: seen.count)
    }
    var present = 0
    for (i, row) in rows.enumerated() {
      let start = i * width + offset
      guard row >= 0 else {
        for k in 0..<outputs { features[start + k] = visual.missing[k] }
        continue
      }
      var (sum, squares): (Scalar, Scalar) = (0, 0)
      for k in 0..<outputs { sum += projected[present * outputs + k] }
      let mean = sum / Scalar(outputs)
      for k in 0..<outputs {
        let centred = projected[present * outputs + k] - mean
        features[start + k] = centred
        squares += centred * centred
      }
      guard norms[present].isFinite, squares.isFinite else {
        throw .visualNotFinite(list: list.id, item: list.ids[i])
      }
      let scale = 1 / (squares / Scalar(outputs) + 1e-5).squareRoot()
      for k in 0..<outputs {
        features[start + k] = features[start + k] * scale * visual.gain[k] + visual.bias[k]
      }
      present += 1
    }
  }
}
