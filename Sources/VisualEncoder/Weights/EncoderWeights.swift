package import Tensors

/// The tensors of an encoder, complete and of the right shapes.
package struct EncoderWeights: Sendable {
  package let tensors: [String: StoredTensor]

  /// - Throws: `tensorMismatch` listing every missing, misshapen and surplus tensor at once.
  package init(
    _ tensors: [String: StoredTensor], for configuration: EncoderConfiguration, path: String
  ) throws(VisualEncoderError) {
    var problems: [String] = []
    let schema = TensorSchema(configuration)
    var unknown = Set(tensors.keys)
    for entry in schema.required {
      guard let tensor = tensors[entry.name] else {
        problems.append("missing \(entry.name) \(entry.shape)")
        continue
      }
      unknown.remove(entry.name)
      if tensor.shape != entry.shape {
        problems.append("\(entry.name) is \(tensor.shape), not \(entry.shape)")
      } else if entry.name.hasSuffix(".running_var"), tensor.floats.contains(where: { $0 < 0 }) {
        problems.append("\(entry.name) holds a negative variance")
      }
    }
    for name in unknown.sorted() where !TensorSchema.isOptional(name) {
      problems.append("unknown \(name) \(tensors[name]?.shape ?? [])")
    }
    guard problems.isEmpty else {
      throw VisualEncoderError(
        .tensorMismatch, path: path,
        reason: "these are not the weights of \(configuration.architecture.rawValue) with attention"
          + " \(configuration.attention.rawValue): \(problems.joined(separator: "; "))")
    }
    self.tensors = tensors
  }

  /// Names and shapes of the tensors that an encoder must have.
  package static func required(
    _ configuration: EncoderConfiguration
  ) -> [(name: String, shape: [Int])] {
    TensorSchema(configuration).required.map { ($0.name, $0.shape) }
  }

  /// The elements of a tensor that the schema requires.
  func floats(_ name: String) -> [Float] {
    guard let tensor = tensors[name] else { preconditionFailure("no tensor named \(name)") }
    return tensor.floats
  }
}
