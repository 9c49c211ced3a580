package import NeuralNetworks
package import Tensors

/// What of a history's states matters to a candidate: attention between the states and the candidate
/// brought into their space, `q' = PReLU(q W)`, whose weights are the softmax of the unit's scores as
/// they are, without the division by a root of DIN's code.
package struct TargetAttention: Module {
  package let projection: Linear
  package let bend: ActivationLayer
  package let unit: AttentionUnit

  /// - Parameters:
  ///   - target: numbers in the vector of a candidate.
  ///   - states: numbers in a state.
  ///   - hidden: units of the network that scores a pair, with sigmoids between them.
  package init(target: Int, states: Int, hidden: [Int], random: inout RandomStream) {
    projection = Linear(inputs: target, outputs: states, bias: false, random: &random)
    // The slope of the authors' code of SLi-Rec.
    bend = ActivationLayer(.prelu, units: states, slope: 0.1)
    unit = AttentionUnit(
      width: states, hidden: hidden, activation: .sigmoid, normalize: .softmax, random: &random)
  }

  /// - Parameters:
  ///   - target: `[count, target]`
  ///   - states: `[events, states]`, in the order of the lists.
  /// - Returns: `[count, states]`, zeros where a list is empty, and the weight of each pair of a row
  ///   and an event.
  package func callAsFunction(
    target: Tensor, states: Tensor, lists: SharedLists, _ pass: Pass
  ) -> (pooled: Tensor, weights: Tensor) {
    unit(target: bend(projection(target, pass), pass), events: states, lists: lists, pass)
  }

  package func collect(into list: inout ParameterList) {
    list.add("projection", projection)
    list.add("bend", bend)
    list.add("unit", unit)
  }
}
