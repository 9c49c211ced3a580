public import Tensors

/// FTRL-Proximal (McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013): the
/// weights that minimise all gradients so far plus a penalty, each coordinate at a pace of its own.
///
/// Per coordinate, with gradient g: `σ = (√(q + g²) - √q) / α`, `z += g - σ w`, `q += g²`, and then
/// `w = 0` where `|z| ≤ λ₁`, otherwise `w = -(z - sign(z) λ₁) / ((β + √q) / α + λ₂)`. So rare features
/// stay exactly 0 until their gradients together exceed λ₁, and models become sparse. The penalties
/// weigh against the sum of the gradients of all steps, not against their mean: they fade as data
/// comes.
///
/// Row gradients touch only their rows, exactly.
public final class FTRL: Optimizer {
  /// The penalties, and how fast the pace slows down.
  public struct Penalties: Sendable, Hashable {
    /// β, which holds the first steps back.
    public var beta: Double
    /// λ₁: what a weight must be worth to be anything but 0.
    public var l1: Double
    /// λ₂: how strongly weights are drawn to 0.
    public var l2: Double

    /// No penalty, and β = 1.
    public init(beta: Double = 1, l1: Double = 0, l2: Double = 0) {
      self.beta = beta
      self.l1 = l1
      self.l2 = l2
    }
  }

  /// The step length α.
  public var learningRate: Scalar
  private let penalties: Penalties
  private let parameters: [Parameter]
  private let isPenalized: [Bool]
  private var z: [Tensor]
  private var squares: [Tensor]

  /// Starts from the parameters' present values.
  ///
  /// - Parameter unpenalized: those of the parameters that neither λ applies to, as a bias wants it.
  public init(
    _ parameters: [Parameter], learningRate: Scalar = 0.1, penalties: Penalties = .init(),
    unpenalized: [Parameter] = []
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.penalties = penalties
    let free = Set(unpenalized.map(ObjectIdentifier.init))
    let isPenalized = parameters.map { !free.contains(ObjectIdentifier($0)) }
    self.isPenalized = isPenalized
    z = zip(parameters, isPenalized).map { parameter, isPenalized in
      Self.update(learningRate, penalties, isPenalized).start(for: parameter.value)
    }
    squares = parameters.map { Tensor(zeros: $0.value.shape) }
  }

  /// See `Optimizer`. O(touched elements).
  public func step(_ gradients: Gradients) {
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = gradients[parameter] else { continue }
      let update = Self.update(learningRate, penalties, isPenalized[index])
      parameter.update { weight in
        update.apply(gradient, to: &weight, z: &z[index], squares: &squares[index])
      }
    }
  }

  private static func update(
    _ alpha: Scalar, _ penalties: Penalties, _ isPenalized: Bool
  ) -> FTRLUpdate {
    FTRLUpdate(
      alpha: alpha, beta: Scalar(penalties.beta), l1: isPenalized ? Scalar(penalties.l1) : 0,
      l2: isPenalized ? Scalar(penalties.l2) : 0)
  }

  /// See `Optimizer`.
  public func state() -> [(name: String, tensor: StoredTensor)] {
    parameters.indices.flatMap { index in
      [("z.\(index)", StoredTensor(z[index])), ("squares.\(index)", StoredTensor(squares[index]))]
    }
  }

  /// See `Optimizer`.
  public func restore(_ state: [String: StoredTensor]) throws(CheckpointError) {
    var restored: (z: [Tensor], squares: [Tensor]) = ([], [])
    for index in parameters.indices {
      restored.z.append(try state.tensor("z.\(index)", shape: z[index].shape))
      restored.squares.append(try state.squares("squares.\(index)", shape: squares[index].shape))
    }
    (z, squares) = (restored.z, restored.squares)
  }
}
