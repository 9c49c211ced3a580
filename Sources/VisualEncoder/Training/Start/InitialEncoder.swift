import Images
import Tensors

/// Where the training of an encoder starts: the weights of a bundle, brought to another set of gates
/// or categories where they differ.
package struct InitialEncoder: Sendable {
  package let configuration: EncoderConfiguration
  package let weights: EncoderWeights
  /// What had to be made up or left out, for a person.
  package private(set) var notes: [String] = []

  /// - Parameters:
  ///   - bundle: the encoder to start from.
  ///   - configuration: the encoder wanted, of the same architecture.
  /// - Throws: `invalidConfiguration` for another architecture, `tensorMismatch` where tensors do not
  ///   fit.
  package init(
    _ bundle: EncoderBundle, as configuration: EncoderConfiguration, path: String
  ) throws(VisualEncoderError) {
    let source = bundle.configuration
    guard source.architecture == configuration.architecture else {
      throw VisualEncoderError(
        .invalidConfiguration, path: path,
        reason: "is a \(source.architecture.rawValue), and the training asks for a"
          + " \(configuration.architecture.rawValue); change one of them")
    }
    var tensors = bundle.weights.tensors
    switch (source.attention, configuration.attention) {
    case (.none, _), (.cbam, .cbam), (.cbam, .category): break
    case (_, .none):
      tensors = tensors.filter { !TensorSchema.isGate($0.key) }
      notes.append("the gates of \(path) are left out")
    case (.category, .cbam):
      Self.dropCategories(from: &tensors, configuration)
      notes.append("the category codes of \(path) are left out")
    case (.category, .category):
      let new = Self.moveCodes(&tensors, from: source.categories, to: configuration.categories)
      if new > 0 { notes.append("\(new) categories start from the code of unknown ones") }
    }
    let imported = try WeightImport(tensors: tensors, for: configuration, path: path)
    if !imported.initialized.isEmpty {
      notes.append("\(imported.initialized.count) gate tensors are new")
    }
    self.configuration = configuration
    weights = imported.weights
  }

  /// Random weights.
  /// - Throws: `invalidConfiguration` where the configuration describes no network.
  package init(
    random seed: UInt64, for configuration: EncoderConfiguration
  ) throws(VisualEncoderError) {
    self.configuration = configuration
    weights = try EncoderWeights(random: seed, for: configuration)
  }

  /// Cuts off the columns that the codes were multiplied by: the gates that codes of zeros would give.
  private static func dropCategories(
    from tensors: inout [String: StoredTensor], _ configuration: EncoderConfiguration
  ) {
    tensors = tensors.filter { !$0.key.hasSuffix(".code") }
    for (name, shape) in EncoderWeights.required(configuration) where TensorSchema.isGate(name) {
      guard let tensor = tensors[name], tensor.shape != shape,
        tensor.shape.count == shape.count, tensor.shape[1] >= shape[1]
      else { continue }
      let (wide, narrow) = (tensor.count / shape[0], shape.reduce(1, *) / shape[0])
      let values = tensor.floats
      tensors[name] = StoredTensor(
        shape: shape,
        floats: (0..<shape[0]).flatMap { values[$0 * wide..<$0 * wide + narrow] })
    }
  }

  /// Lays the codes out for other categories. A category that the bundle does not know shares its
  /// parent's code at the start, the reserved row's.
  /// - Returns: how many those are.
  private static func moveCodes(
    _ tensors: inout [String: StoredTensor], from old: [String], to new: [String]
  ) -> Int {
    guard old != new else { return 0 }
    let rows = Dictionary(
      old.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    let sources = [0] + new.map { rows[$0] ?? 0 }
    for (name, tensor) in tensors where name.hasSuffix(".code") && tensor.shape[0] > 0 {
      let (values, width) = (tensor.floats, tensor.count / tensor.shape[0])
      tensors[name] = StoredTensor(
        shape: [sources.count] + tensor.shape[1...],
        floats: sources.flatMap { values[$0 * width..<($0 + 1) * width] })
    }
    return new.count { rows[$0] == nil }
  }
}

extension EncoderWeights {
  /// SHA-256 of all values under their names.
  package var digest: String {
    var text = ""
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let bits = tensor.floats.withUnsafeBytes { HexDigest.sha256(Array($0)) }
      text += "\(name):\(bits) "
    }
    return HexDigest.sha256(Array(text.utf8))
  }
}
