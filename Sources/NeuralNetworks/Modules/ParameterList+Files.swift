public import Tensors

extension ParameterList {
  /// Writes all parameters, buffers included, under their names. The file appears complete or not
  /// at all.
  public func save(to path: String) throws(TensorFileError) {
    try SafetensorsFile(tensors: stored(as: ""), metadata: [:]).write(to: path)
  }

  /// Reads what `save` wrote.
  /// - Throws: `CheckpointError` that lists every missing, unknown and misshapen tensor; nothing is
  ///   changed then. `TensorFileError` for a file that cannot be read.
  public func load(from path: String) throws {
    try load(SafetensorsFile.read(path).tensors.mapValues(\.tensor), from: path)
  }

  /// Takes all values from named tensors, or none.
  package func load(_ tensors: [String: Tensor], from source: String) throws(CheckpointError) {
    var problems: [String] = []
    for entry in entries {
      let expected = entry.parameter.value.shape
      guard let found = tensors[entry.name] else {
        problems.append("'\(entry.name)' \(expected) is missing")
        continue
      }
      if found.shape != expected {
        problems.append("'\(entry.name)' has shape \(found.shape) instead of \(expected)")
      }
    }
    let known = Set(entries.map(\.name))
    for name in tensors.keys.sorted() where !known.contains(name) {
      problems.append("'\(name)' belongs to no parameter")
    }
    guard problems.isEmpty else {
      throw CheckpointError(
        "\(source): the tensors do not fit the model: " + problems.joined(separator: "; ")
          + ". The file belongs to another configuration")
    }
    for entry in entries { entry.parameter.value = tensors[entry.name] ?? entry.parameter.value }
  }

  /// All values for a file, each name preceded by `prefix`.
  func stored(as prefix: String) -> [String: StoredTensor] {
    Dictionary(
      uniqueKeysWithValues: entries.map { (prefix + $0.name, StoredTensor($0.parameter.value)) })
  }
}
