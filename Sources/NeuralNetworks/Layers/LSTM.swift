public import Tensors

/// A long short-term memory layer (Hochreiter and Schmidhuber, 1997), parameters laid out as
/// PyTorch's: gates in the order input, forget, cell, output.
public struct LSTM: Module {
  /// The two states of every sequence in the batch: [batch, hidden] each.
  public struct State: Sendable {
    /// What the layer shows.
    public var hidden: Tensor
    /// What it remembers.
    public var cell: Tensor

    /// Given states.
    public init(hidden: Tensor, cell: Tensor) {
      self.hidden = hidden
      self.cell = cell
    }

    /// All zeros.
    public init(zeros batch: Int, width: Int) {
      self.init(hidden: Tensor(zeros: [batch, width]), cell: Tensor(zeros: [batch, width]))
    }
  }

  /// [4 · hidden, inputs]
  public let inputWeight: Parameter
  /// [4 · hidden, hidden]
  public let recurrentWeight: Parameter
  /// [4 · hidden]; the forget gate's part starts at 1, so that memory is kept at first.
  public let bias: Parameter
  /// The width of the states.
  public let hidden: Int

  /// Uniform initialisation within ±1/√hidden.
  public init(inputs: Int, hidden: Int, random: inout RandomStream) {
    let bound = 1 / Scalar(hidden).squareRoot()
    inputWeight = Parameter(Tensor(uniform: bound, shape: [4 * hidden, inputs], random: &random))
    recurrentWeight = Parameter(
      Tensor(uniform: bound, shape: [4 * hidden, hidden], random: &random))
    bias = Parameter(
      Tensor(shape: [4 * hidden]) { out in
        for index in hidden..<2 * hidden { out[index] = 1 }
      })
    self.hidden = hidden
  }

  /// The input's share of the gates for many steps at once: x [..., inputs] -> [..., 4 · hidden].
  public func project(_ x: Tensor, _ pass: Pass) -> Tensor {
    linear(x, pass.read(inputWeight), pass.read(bias))
  }

  /// One step from an already projected input [batch, 4 · hidden].
  public func step(projected: Tensor, _ state: State, _ pass: Pass) -> State {
    let gates = projected + linear(state.hidden, pass.read(recurrentWeight))
    let next = lstmCell(preactivations: gates, cell: state.cell)
    return State(hidden: next.hidden, cell: next.cell)
  }

  /// One step: x [batch, inputs].
  public func step(_ x: Tensor, _ state: State, _ pass: Pass) -> State {
    step(projected: project(x, pass), state, pass)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("weight_ih", inputWeight)
    list.add("weight_hh", recurrentWeight)
    list.add("bias", bias)
  }
}
