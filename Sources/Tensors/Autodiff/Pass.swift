/// One run of a model, forwards and, when training, backwards.
///
/// A layer asks the pass for its parameters. In inference it gets plain values and nothing is
/// recorded; in training it gets leaves of this pass's own tape. Several passes may therefore run
/// the same model at once. A pass itself belongs to one task.
public final class Pass {
  private let tape: Tape?
  private var leaves: [ObjectIdentifier: (parameter: Parameter, tensor: Tensor)] = [:]
  private var lookups: [ObjectIdentifier: TableLookups] = [:]
  /// What running statistics are to take over from this pass; see `observe`.
  var observations: [Observation] = []
  /// The source of dropout masks and other training noise.
  package var random: RandomStream

  private init(tape: Tape?, seed: UInt64) {
    self.tape = tape
    random = RandomStream(seed: seed)
  }

  /// A pass that computes and remembers nothing.
  public static func inference() -> Pass { Pass(tape: nil, seed: 0) }

  /// A pass that records; `seed` drives dropout.
  public static func training(seed: UInt64) -> Pass { Pass(tape: Tape(), seed: seed) }

  /// Whether this pass trains: dropout is active and operations are recorded.
  public var isTraining: Bool { tape != nil }

  /// The value of a parameter, traced when training.
  public func read(_ parameter: Parameter) -> Tensor {
    guard let tape, parameter.trainable else { return parameter.value }
    let id = ObjectIdentifier(parameter)
    if let known = leaves[id] { return known.tensor }
    let leaf = tape.leaf(parameter.value)
    leaves[id] = (parameter, leaf)
    return leaf
  }

  /// Rows of a table: [rows.count, width]; row -1 reads as zeros. The gradient stays sparse.
  public func gather(_ table: Parameter, _ rows: [Int32]) -> Tensor {
    let value = table.value
    let output = value.gatherRows(rows)
    guard let tape, table.trainable else { return output }
    return tape.custom(output) { [unowned self] gradient in
      contribute([RowContributions(rows: rows, values: gradient)], to: table)
    }
  }

  /// Adds to the gradients of rows of a table, as lookups do. Only while the pass runs backwards.
  package func contribute(_ contributions: [RowContributions], to table: Parameter) {
    lookups[ObjectIdentifier(table), default: TableLookups(parameter: table)]
      .contributions += contributions
  }

  /// A value whose gradient a closure passes on, whatever it came from. Without a tape only the
  /// value.
  package func custom(_ value: Tensor, _ pullback: @escaping (Tensor) -> Void) -> Tensor {
    tape?.custom(value, pullback) ?? value.detached
  }

  /// Differentiates `loss` (one number) with respect to every parameter read. Ends the pass; what
  /// it observed of running statistics stays to be applied.
  public func gradients(of loss: Tensor) -> Gradients {
    var (gradients, lookups) = separateGradients(of: loss)
    for lookup in lookups {
      let rows = lookup.gradient
      // A table that was both read whole and looked up has a dense gradient.
      if case .dense(var dense)? = gradients[lookup.parameter] {
        gradients[lookup.parameter] = nil
        rows.add(to: &dense)
        gradients[lookup.parameter] = .dense(dense)
      } else {
        gradients[lookup.parameter] = .rows(rows)
      }
    }
    return gradients
  }

  /// The same without adding up what several lookups, or one that met a row several times, contribute
  /// to a row: for those who join passes and add up once.
  package func separateGradients(
    of loss: Tensor
  ) -> (dense: Gradients, lookups: [TableLookups]) {
    var gradients = Gradients()
    tape?.backward(from: loss)
    for (parameter, tensor) in leaves.values {
      if let gradient = tensor.node?.gradient { gradients[parameter] = .dense(gradient) }
    }
    let lookups = Array(lookups.values)
    leaves.removeAll()
    self.lookups.removeAll()
    return (gradients, lookups)
  }
}

/// What a pass looked up in one table, and the gradients that came back.
package struct TableLookups: Sendable {
  /// The table.
  package let parameter: Parameter
  /// In the order they came back.
  package fileprivate(set) var contributions: [RowContributions] = []

  fileprivate var gradient: RowGradient {
    let shape = parameter.value.shape
    return RowGradient(summing: contributions, width: shape.count(of: 1..<shape.rank))
  }
}
