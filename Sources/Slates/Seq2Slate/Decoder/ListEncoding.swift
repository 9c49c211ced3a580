import Tensors

/// What the encoder of a `Seq2Slate` model found out about one list, in reused memory.
package struct ListEncoding: Sendable {
  /// Candidates there is room for.
  private(set) var capacity = 0
  /// Candidates of the list.
  private(set) var count = 0
  /// Projected candidates, which the decoder reads, `input.columns` apart.
  private(set) var inputs: [Scalar] = []
  /// `e W_e`: [count, padded cells]
  private(set) var keys: [Scalar] = []
  /// Of the keys; nil where some key is too large for them.
  var keyExponentials: [Scalar]? { areExponentialsUseful ? exponentials : nil }
  /// The hidden states: [count, padded cells].
  private(set) var states: [Scalar] = []
  /// The last cell state: [padded cells].
  private(set) var cell: [Scalar] = []
  /// How near the candidates lie to each other, if the model wants to know.
  private(set) var spaces: CandidateSpaces?

  private var candidates = CandidateRows()
  private var gates: [Scalar] = []
  private var exponentials: [Scalar] = []
  private var areExponentialsUseful = false

  package init() {}

  /// Encodes a list of at least one candidate. O(n H²) for n candidates and H cells.
  package mutating func encode(
    _ list: SlateList, _ weights: Seq2SlateWeights
  ) throws(SlateError) {
    prepare(list.count, weights)
    count = list.count
    try candidates.describe(list, weights.candidates)
    spaces = weights.novelty.map { _ in CandidateSpaces(list, weights.candidates.source) }
    Kernels.product(
      candidates.values, stride: weights.input.depth, weights.input, into: &inputs, rows: count)
    Kernels.product(
      inputs, stride: weights.input.columns, weights.encoderInput, into: &gates, rows: count)
    Kernels.lstm(
      gates: gates, recurrent: weights.encoderRecurrent, cell: &cell, hidden: &states,
      steps: count)
    let width = weights.keys.columns
    Kernels.product(states, stride: width, weights.keys, into: &keys, rows: count)
    areExponentialsUseful = Kernels.pointerExponentials(
      of: keys, into: &exponentials, count: count * width)
  }

  private mutating func prepare(_ count: Int, _ weights: Seq2SlateWeights) {
    guard count > capacity else { return }
    capacity = count
    let width = weights.keys.columns
    candidates.prepare(count, weights.candidates)
    inputs.grow(to: count * weights.input.columns)
    gates.grow(to: count * weights.encoderInput.columns)
    states.grow(to: count * width)
    keys.grow(to: count * width)
    exponentials.grow(to: count * width)
    cell.grow(to: width)
  }
}
