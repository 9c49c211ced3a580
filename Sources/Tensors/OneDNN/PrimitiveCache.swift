import Synchronization

/// Primitives by what they compute, so that each shape of a training run is compiled once.
final class PrimitiveCache: Sendable {
  struct Key: Hashable {
    let operation: String
    let numbers: [Int]
  }

  static let shared = PrimitiveCache()

  /// Batches of many sizes would fill the cache without end.
  private let capacity = 512
  private let primitives = Mutex<[Key: Primitive]>([:])

  func primitive(
    _ operation: String, _ geometry: ConvolutionGeometry, _ options: [Int] = [],
    make: () -> Primitive?
  ) -> Primitive {
    let key = Key(operation: operation, numbers: geometry.numbers + options)
    return primitives.withLock { primitives in
      if let known = primitives[key] { return known }
      guard let made = make() else {
        preconditionFailure("oneDNN has no \(operation) for \(geometry) on this processor")
      }
      if primitives.count >= capacity { primitives.removeAll() }
      primitives[key] = made
      return made
    }
  }
}

extension ConvolutionGeometry {
  var numbers: [Int] {
    [batch, inputChannels, height, width, outputChannels, kernel, stride, padding]
  }
}
