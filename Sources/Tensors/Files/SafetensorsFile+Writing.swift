extension SafetensorsFile {
  /// Writes the file so that it appears complete or not at all.
  ///
  /// Equal contents give equal bytes: wide elements first, so that all are aligned, then by name.
  public func write(to path: String) throws(TensorFileError) {
    let ordered = tensors.sorted {
      let (left, right) = ($0.value.elements.byteWidth, $1.value.elements.byteWidth)
      return left != right
        ? left > right : Array($0.key.utf8).lexicographicallyPrecedes($1.key.utf8)
    }
    for (name, tensor) in ordered where !tensor.elements.areFinite {
      throw TensorFileError(
        .notFinite, path: path, tensor: name,
        reason: "a value is infinite, not a number or beyond 32 bits")
    }
    let header = header(ordered.map { ($0.key, $0.value) })
    guard header.count <= Self.headerLimit, tensors.count <= Self.tensorLimit else {
      throw TensorFileError(
        .unsupported, path: path,
        reason: "\(tensors.count) tensors under a header of \(header.count) bytes; at most"
          + " \(Self.tensorLimit) tensors and \(Self.headerLimit) bytes can be read back")
    }
    let file = try AtomicFile(path)
    try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    try file.write(header)
    for (_, tensor) in ordered { try tensor.elements.write(to: file) }
    try file.commit()
  }

  private func header(_ ordered: [(name: String, tensor: StoredTensor)]) -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      fields.append("\"__metadata__\":{\(notes.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in ordered {
      let end = offset + tensor.count * tensor.elements.byteWidth
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(name)):{\"dtype\":\"\(tensor.elements.typeName)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    return header
  }

  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension StoredTensor.Elements {
  fileprivate var byteWidth: Int {
    switch self {
    case .float32: 4
    case .float64, .int64: 8
    }
  }

  fileprivate var typeName: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .int64: "I64"
    }
  }

  fileprivate var areFinite: Bool {
    switch self {
    case .float32(let values): values.allSatisfy(\.isFinite)
    case .float64(let values): values.allSatisfy { Float($0).isFinite }
    case .int64: true
    }
  }

  fileprivate func write(to file: borrowing AtomicFile) throws(TensorFileError) {
    switch self {
    case .float32(let values): try file.writeElements(values)
    case .float64(let values): try file.writeElements(values)
    case .int64(let values): try file.writeElements(values)
    }
  }
}

extension AtomicFile {
  /// Writes numbers as they lie in memory, which is little-endian on every supported machine.
  borrowing func writeElements<Element: BitwiseCopyable>(
    _ values: [Element]
  ) throws(TensorFileError) {
    var failure: TensorFileError?
    values.withUnsafeBytes { buffer in
      do throws(TensorFileError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
