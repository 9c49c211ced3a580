import Tensors

extension EncoderWeights {
  /// Weights drawn from a seed: convolutions by He et al. (ICCV 2015), normalisation as the
  /// identity, gates as an import initialises them. Untrained, but not useless: random filters
  /// still tell colours and patterns apart.
  ///
  /// - Throws: `invalidConfiguration` where the configuration describes no network.
  package init(
    random seed: UInt64, for configuration: EncoderConfiguration
  ) throws(VisualEncoderError) {
    try configuration.validate(path: "random weights")
    var tensors: [String: StoredTensor] = [:]
    let entries = TensorSchema(configuration).required
    for (stream, entry) in entries.enumerated() where !TensorSchema.isGate(entry.name) {
      let count = entry.shape.reduce(1, *)
      let values: [Float]
      if entry.shape.count == 4 {
        var random = RandomStream(seed: seed, stream: UInt64(stream))
        let deviation = (2 / Float(entry.shape[1...].reduce(1, *))).squareRoot()
        values = (0..<count).map { _ in deviation * Float(random.nextNormal()) }
      } else {
        let isScale = entry.name.hasSuffix(".weight") || entry.name.hasSuffix(".running_var")
        values = [Float](repeating: isScale ? 1 : 0, count: count)
      }
      tensors[entry.name] = StoredTensor(shape: entry.shape, floats: values)
    }
    _ = GateInitialization.complete(&tensors, for: configuration)
    try self.init(tensors, for: configuration, path: "random weights")
  }

  /// Numbers in all tensors.
  package var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.count } }
}
