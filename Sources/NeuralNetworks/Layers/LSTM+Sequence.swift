public import Tensors

extension LSTM {
  /// Orthogonal recurrent blocks instead of uniform ones; the rest as in the other initialiser.
  package init(inputs: Int, hidden: Int, orthogonal random: inout RandomStream) {
    self.init(inputs: inputs, hidden: hidden, random: &random)
    recurrentWeight.value = Tensor(orthogonalBlocks: 4, width: hidden, random: &random)
  }

  /// All steps over lists of unequal length.
  ///
  /// - Parameters:
  ///   - x: [events, inputs], in packed order.
  ///   - initial: what came before, for each list; zeros where nil.
  /// - Returns: the states after each event, in packed order.
  public func sequence(
    _ x: Tensor, _ lists: PackedLists, initial: State? = nil, _ pass: Pass
  ) -> LSTMStates {
    lstmSequence(
      [GateInput(x, pass.read(inputWeight))], bias: pass.read(bias),
      recurrentWeight: pass.read(recurrentWeight), lists: lists,
      initial: initial.map { ($0.hidden, $0.cell) })
  }
}
