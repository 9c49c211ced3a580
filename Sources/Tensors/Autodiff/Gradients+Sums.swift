import Synchronization

/// The gradients of one parameter from several passes, on their way to a sum.
private struct Summands: Sendable {
  var total: Tensor
  var rest: [Gradients.Entry]

  init(_ entries: [Gradients.Entry], of parameter: Parameter) {
    let shape = parameter.value.shape
    total =
      switch entries.first {
      case .dense(let tensor): tensor
      case .rows(let rows): rows.dense(shape: shape)
      case nil: preconditionFailure("no pass has a gradient for a parameter of shape \(shape)")
      }
    rest = Array(entries.dropFirst())
  }

  mutating func add() {
    for entry in rest {
      switch entry {
      case .dense(let tensor): total.add(tensor)
      case .rows(let rows): rows.add(to: &total)
      }
    }
    rest = []
  }
}

extension Gradients {
  /// The sum of several passes' gradients for each parameter, in full, added in the order given.
  ///
  /// Empties `passes`: with nobody else holding them, the gradients of the first pass become the
  /// sums, without a tensor of zeros and without a copy. Parameters are summed side by side.
  /// - Parameters:
  ///   - parameters: Each has a gradient in at least one pass.
  /// - Complexity: O(passes · elements)
  package static func sums(
    of passes: inout [Gradients], for parameters: [Parameter]
  ) -> [Tensor] {
    var elements = 0
    let slots = Mutex(
      parameters.map { parameter -> Summands? in
        let entries = passes.compactMap { $0[parameter] }
        elements += parameter.value.count * (entries.count - 1)
        return Summands(entries, of: parameter)
      })
    passes.removeAll()
    overCores(parameters.count, elements: elements) { index in
      var own = slots.withLock { $0[index].take() }
      own?.add()
      slots.withLock { $0[index] = own }
    }
    return slots.withLock { $0.compactMap { $0?.total } }
  }
}
