import Synchronization

/// Primitives by what they compute, so that each shape of a training run is compiled once.
final class PrimitiveCache: Sendable {
  enum Key: Hashable, CustomStringConvertible {
    /// An operation over activations of one geometry, and what else sets it apart.
    case operation(String, ConvolutionGeometry, options: [Int])
    case reorder(from: TensorLayout, to: TensorLayout)

    var description: String {
      switch self {
      case .operation(let name, let geometry, _): "\(name) for \(geometry)"
      case .reorder: "reorder between two layouts"
      }
    }
  }

  static let shared = PrimitiveCache()

  /// Batches of many sizes would fill the cache without end.
  private let capacity = 512
  private let primitives = Mutex<[Key: Primitive]>([:])

  func primitive(
    _ operation: String, _ geometry: ConvolutionGeometry, _ options: [Int] = [],
    make: () -> Primitive?
  ) -> Primitive {
    primitive(.operation(operation, geometry, options: options), make: make)
  }

  /// - Parameter make: Compiles the primitive; must not ask the cache for another one.
  func primitive(_ key: Key, make: () -> Primitive?) -> Primitive {
    primitives.withLock { primitives in
      if let known = primitives[key] { return known }
      guard let made = make() else {
        preconditionFailure("oneDNN has no \(key) on this processor")
      }
      if primitives.count >= capacity { primitives.removeAll() }
      primitives[key] = made
      return made
    }
  }
}
