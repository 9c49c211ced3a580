import Tensors

/// First values of gates that a state dict does not bring along.
enum GateInitialization {
  /// Adds what is missing: all gates to a plain network, the categories' part to one with CBAM.
  ///
  /// The scale of the spatial normalisation starts at 0, as the reference has it, so the spatial
  /// gate is 0.5 everywhere; codes come from N(0, 0.01). Equal names give equal values.
  /// - Returns: The names added or widened, sorted.
  static func complete(
    _ tensors: inout [String: StoredTensor], for configuration: EncoderConfiguration
  ) -> [String] {
    let gates = TensorSchema(configuration).required.filter { TensorSchema.isGate($0.name) }
    let hasGates = tensors.keys.contains(where: TensorSchema.isGate)
    var changed: [String] = []
    for gate in gates {
      if let tensor = tensors[gate.name] {
        // Zero weights on the codes reproduce the gates without categories exactly.
        guard configuration.attention == .category, tensor.shape != gate.shape,
          let widened = widen(tensor, to: gate.shape)
        else { continue }
        tensors[gate.name] = widened
      } else if !hasGates || gate.name.hasSuffix(".code") {
        tensors[gate.name] = initial(gate)
      } else {
        continue
      }
      changed.append(gate.name)
    }
    return changed.sorted()
  }

  /// Pads the second dimension with zeros.
  private static func widen(_ tensor: StoredTensor, to shape: [Int]) -> StoredTensor? {
    guard tensor.shape.count == shape.count, tensor.shape[0] == shape[0],
      tensor.shape[1] < shape[1], tensor.shape[2...] == shape[2...]
    else { return nil }
    let values = tensor.floats
    let (row, wide) = (tensor.count / shape[0], shape.reduce(1, *) / shape[0])
    let padding = [Float](repeating: 0, count: wide - row)
    let widened = (0..<shape[0]).flatMap { values[$0 * row..<($0 + 1) * row] + padding }
    return StoredTensor(shape: shape, floats: widened)
  }

  private static func initial(_ entry: TensorSchema.Entry) -> StoredTensor {
    let count = entry.shape.reduce(1, *)
    func constant(_ value: Float) -> StoredTensor {
      StoredTensor(shape: entry.shape, floats: [Float](repeating: value, count: count))
    }
    var random = RandomStream(seed: 1, stream: hash(entry.name))
    if entry.name.hasSuffix(".code") {
      return StoredTensor(
        shape: entry.shape, floats: (0..<count).map { _ in 0.01 * Float(random.nextNormal()) })
    }
    if entry.name.hasSuffix(".running_var") { return constant(1) }
    if entry.name.contains(".bn.") || entry.name.hasSuffix(".bias") { return constant(0) }
    let bound = 1 / Float(entry.shape[1...].reduce(1, *)).squareRoot()
    return StoredTensor(
      shape: entry.shape,
      floats: (0..<count).map { _ in (2 * Float(random.nextUniform()) - 1) * bound })
  }

  /// FNV-1a.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
