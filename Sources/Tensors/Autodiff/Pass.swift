/// One run of a model, forwards and, when training, backwards.
///
/// A layer asks the pass for its parameters. In inference it gets plain values and nothing is
/// recorded; in training it gets leaves of this pass's own tape. Several passes may therefore run
/// the same model at once. A pass itself belongs to one task.
public final class Pass {
  private let tape: Tape?
  private var leaves: [ObjectIdentifier: (parameter: Parameter, tensor: Tensor)] = [:]
  fileprivate var lookups: [ObjectIdentifier: Lookups] = [:]
  /// What running statistics are to take over from this pass; see `observe`.
  var observations: [Observation] = []
  /// The source of dropout masks and other training noise.
  package var random: RandomStream

  fileprivate struct Lookups {
    let parameter: Parameter
    fileprivate var rows: [Int32] = []
    fileprivate var contributions: [Tensor] = []
  }

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
      lookups[ObjectIdentifier(table), default: Lookups(parameter: table)].append(rows, gradient)
    }
  }

  /// Differentiates `loss` (one number) with respect to every parameter read. Ends the pass; what
  /// it observed of running statistics stays to be applied.
  public func gradients(of loss: Tensor) -> Gradients {
    var gradients = Gradients()
    tape?.backward(from: loss)
    for (parameter, tensor) in leaves.values {
      if let gradient = tensor.node?.gradient { gradients[parameter] = .dense(gradient) }
    }
    for lookup in lookups.values {
      let parameter = lookup.parameter
      let rows = lookup.gradient
      // A table that was both read whole and looked up has a dense gradient.
      if case .dense(var dense)? = gradients[parameter] {
        dense.add(rows.dense(shape: dense.shape))
        gradients[parameter] = .dense(dense)
      } else {
        gradients[parameter] = .rows(rows)
      }
    }
    leaves.removeAll()
    lookups.removeAll()
    return gradients
  }
}

extension Pass.Lookups {
  fileprivate mutating func append(_ more: [Int32], _ gradient: Tensor) {
    rows += more
    contributions.append(gradient)
  }

  fileprivate var gradient: RowGradient {
    let shape = parameter.value.shape
    let width = shape.count(of: 1..<shape.rank)
    let flat = contributions.map { $0.viewed(as: [$0.count / max(width, 1), width]) }
    return RowGradient(
      summing: rows, flat.count == 1 ? flat[0] : concatenate(flat, axis: 0))
  }
}
