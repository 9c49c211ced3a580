package import NeuralNetworks
package import Tensors

/// The network that reads a history event by event.
package enum RecurrentCell: Module {
  /// Long short-term memory.
  case lstm(LSTM)
  /// Gated recurrent unit.
  case gru(GRU)

  /// What one list is remembered by.
  package struct State: Sendable {
    /// `[lists, hidden]`: what the cell shows.
    package var hidden: Tensor
    /// `[lists, hidden]`: what an LSTM keeps to itself; nil for a GRU.
    package var cell: Tensor?
  }

  /// The states after each event, `[events, hidden]`, in packed order.
  ///
  /// - Parameters:
  ///   - x: `[events, inputs]`, in packed order.
  ///   - initial: what came before; nothing where nil.
  package func callAsFunction(
    _ x: Tensor, _ lists: PackedLists, initial: State? = nil, _ pass: Pass
  ) -> State {
    switch self {
    case .lstm(let layer):
      let before = initial.map {
        LSTM.State(hidden: $0.hidden, cell: $0.cell ?? Tensor(zeros: $0.hidden.shape))
      }
      let states = layer.sequence(x, lists, initial: before, pass)
      return State(hidden: states.hidden, cell: states.cell)
    case .gru(let layer):
      return State(hidden: layer.sequence(x, lists, initial: initial?.hidden, pass), cell: nil)
    }
  }

  package func collect(into list: inout ParameterList) {
    switch self {
    case .lstm(let layer): layer.collect(into: &list)
    case .gru(let layer): layer.collect(into: &list)
    }
  }
}
