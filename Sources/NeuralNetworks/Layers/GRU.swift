public import Tensors

/// A gated recurrent unit (Cho et al., EMNLP 2014, arXiv 1406.1078) in PyTorch's convention, in which
/// reset acts behind the recurrent product: gates in the order reset, update, candidate, and
/// `h' = (1 - update) * candidate + update * h`.
///
/// PyTorch's recurrent biases of reset and update only add to those of the input, so they are one here.
public struct GRU: Module {
  /// [3 · hidden, inputs]
  public let inputWeight: Parameter
  /// [3 · hidden, hidden]
  public let recurrentWeight: Parameter
  /// [3 · hidden]
  public let bias: Parameter
  /// [hidden]: added to the recurrent product of the candidate, before reset acts.
  public let candidateBias: Parameter
  /// The width of the states.
  public let hidden: Int

  /// Input weights uniform within ±1/√hidden, orthogonal recurrent blocks, biases 0.
  public init(inputs: Int, hidden: Int, random: inout RandomStream) {
    let bound = 1 / Scalar(hidden).squareRoot()
    inputWeight = Parameter(Tensor(uniform: bound, shape: [3 * hidden, inputs], random: &random))
    recurrentWeight = Parameter(Tensor(orthogonalBlocks: 3, width: hidden, random: &random))
    bias = Parameter(Tensor(zeros: [3 * hidden]))
    candidateBias = Parameter(Tensor(zeros: [hidden]))
    self.hidden = hidden
  }

  /// All steps over lists of unequal length.
  ///
  /// - Parameters:
  ///   - x: [events, inputs], in packed order.
  ///   - initial: the states before, [lists, hidden] in the order of the lists; zeros where nil.
  /// - Returns: the state after each event, [events, hidden], in packed order.
  public func sequence(
    _ x: Tensor, _ lists: PackedLists, initial: Tensor? = nil, _ pass: Pass
  ) -> Tensor {
    gruSequence(
      [GateInput(x, pass.read(inputWeight))], bias: pass.read(bias),
      recurrentWeight: pass.read(recurrentWeight), candidateBias: pass.read(candidateBias),
      lists: lists, initial: initial)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("weight_ih", inputWeight)
    list.add("weight_hh", recurrentWeight)
    list.add("bias", bias)
    list.add("bias_hn", candidateBias)
  }
}
