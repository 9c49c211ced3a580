public import Tensors

/// The Time-LSTM of SLi-Rec (Yu et al., IJCAI 2019): a long short-term memory that knows how long ago
/// the event before was (the *interval*) and how long ago the event itself is (the *recency*).
///
///     δ = tanh(interval · w_δ + b_δ)          s = tanh(recency · w_s + b_s)
///     keep  = σ(x W_xδ + δ W_tδ + b_tδ)       write = σ(x W_xs + s W_ts + b_ts)
///     c' = f * keep * c + i * write * tanh(x W_c + h U_c + b_c)
///     h' = σ(x W_o + δ W_δo + s W_so + h U_o + b_o) * tanh(c')
///
/// with i and f as in any LSTM. A long gap can therefore erase more memory than a short one, and an
/// old event write less than a recent one; whether they do is learnt.
public struct TimeLSTM: Module {
  /// [6 · hidden, inputs]: gates in the order input, forget, cell, output, keep, write.
  public let inputWeight: Parameter
  /// [4 · hidden, hidden]: no state enters the time gates.
  public let recurrentWeight: Parameter
  /// [6 · hidden]; the forget gate's part starts at 1.
  public let bias: Parameter
  /// What the gates see of the interval: 1 to `hidden` numbers, before tanh.
  public let interval: Linear
  /// What the gates see of the recency.
  public let recency: Linear
  /// [2 · hidden, hidden]: from the interval's features into output and keep.
  public let intervalWeight: Parameter
  /// [2 · hidden, hidden]: from the recency's features into output and write.
  public let recencyWeight: Parameter
  /// The width of the states.
  public let hidden: Int

  /// Input and time weights uniform within ±1/√hidden, orthogonal recurrent blocks. What the gates see
  /// of a time has biases from the start: without any, all units would be the same odd function of one
  /// number, only steeper or flatter.
  public init(inputs: Int, hidden: Int, random: inout RandomStream) {
    let bound = 1 / Scalar(hidden).squareRoot()
    func uniform(_ shape: Shape) -> Parameter {
      Parameter(Tensor(uniform: bound, shape: shape, random: &random))
    }
    inputWeight = uniform([6 * hidden, inputs])
    recurrentWeight = Parameter(Tensor(orthogonalBlocks: 4, width: hidden, random: &random))
    bias = Parameter(
      Tensor(shape: [6 * hidden]) { out in
        for index in hidden..<2 * hidden { out[index] = 1 }
      })
    intervalWeight = uniform([2 * hidden, hidden])
    recencyWeight = uniform([2 * hidden, hidden])
    interval = Linear(inputs: 1, outputs: hidden, initialization: .fanIn, random: &random)
    recency = Linear(inputs: 1, outputs: hidden, initialization: .fanIn, random: &random)
    self.hidden = hidden
  }

  /// All steps over lists of unequal length.
  ///
  /// - Parameters:
  ///   - x: [events, inputs], in packed order.
  ///   - intervals: [events, 1], in packed order.
  ///   - recencies: [events, 1], in packed order.
  /// - Returns: the states after each event, in packed order.
  public func sequence(
    _ x: Tensor, intervals: Tensor, recencies: Tensor, _ lists: PackedLists, _ pass: Pass
  ) -> LSTMStates {
    let gap = interval(intervals, pass).tanh()
    let age = recency(recencies, pass).tanh()
    let (gapWeight, ageWeight) = (pass.read(intervalWeight), pass.read(recencyWeight))
    func half(_ weight: Tensor, _ index: Int) -> Tensor {
      weight.slice(axis: 0, index * hidden..<(index + 1) * hidden)
    }
    return lstmSequence(
      [
        GateInput(x, pass.read(inputWeight)),
        // Output and keep lie beside each other, output and write do not.
        GateInput(gap, gapWeight, column: 3 * hidden),
        GateInput(age, half(ageWeight, 0), column: 3 * hidden),
        GateInput(age, half(ageWeight, 1), column: 5 * hidden),
      ], bias: pass.read(bias), recurrentWeight: pass.read(recurrentWeight), lists: lists)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("weight_ih", inputWeight)
    list.add("weight_hh", recurrentWeight)
    list.add("bias", bias)
    list.add("interval", interval)
    list.add("recency", recency)
    list.add("weight_interval", intervalWeight)
    list.add("weight_recency", recencyWeight)
  }
}
