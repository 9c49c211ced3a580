extension SafetensorsFile {
  /// Writes the file so that it appears complete or not at all.
  ///
  /// Equal contents give equal bytes: wide elements first, so that all are aligned, then by name.
  /// - Parameter halves: tensors of 32-bit numbers to be rounded to 16 bits.
  /// - Throws: `notFinite` naming a tensor whose numbers cannot be stored; what `AtomicFile` throws.
  public func write(
    to path: String, halves: Set<String> = []
  ) throws(TensorFileError) {
    let parts = tensors.map { name, tensor in
      (key: name, value: Part(tensor, isHalf: halves.contains(name)))
    }
    let ordered = parts.sorted {
      let (left, right) = ($0.value.elements.byteWidth, $1.value.elements.byteWidth)
      return left != right
        ? left > right : Array($0.key.utf8).lexicographicallyPrecedes($1.key.utf8)
    }
    for (name, tensor) in ordered where !tensor.elements.areFinite {
      throw TensorFileError(
        .notFinite, path: path, tensor: name,
        reason: "a value is infinite, not a number or beyond the bits it is stored in")
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

  /// A tensor as it is written.
  fileprivate struct Part {
    enum Elements {
      case stored(StoredTensor.Elements)
      case halves([Float16])
    }

    let shape: [Int]
    let elements: Elements

    init(_ tensor: StoredTensor, isHalf: Bool) {
      shape = tensor.shape
      if isHalf, case .float32(let values) = tensor.elements {
        elements = .halves(values.map { Float16($0) })
      } else {
        elements = .stored(tensor.elements)
      }
    }

    var count: Int { shape.reduce(1, *) }
  }

  private func header(_ ordered: [(name: String, tensor: Part)]) -> [UInt8] {
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

extension SafetensorsFile.Part.Elements {
  fileprivate var byteWidth: Int {
    switch self {
    case .halves: 2
    case .stored(.float32): 4
    case .stored(.float64), .stored(.int64): 8
    }
  }

  fileprivate var typeName: String {
    switch self {
    case .halves: "F16"
    case .stored(.float32): "F32"
    case .stored(.float64): "F64"
    case .stored(.int64): "I64"
    }
  }

  fileprivate var areFinite: Bool {
    switch self {
    case .halves(let values): values.allSatisfy(\.isFinite)
    case .stored(.float32(let values)): values.allSatisfy(\.isFinite)
    case .stored(.float64(let values)): values.allSatisfy { Float($0).isFinite }
    case .stored(.int64): true
    }
  }

  fileprivate func write(to file: borrowing AtomicFile) throws(TensorFileError) {
    switch self {
    case .halves(let values): try file.writeElements(values)
    case .stored(.float32(let values)): try file.writeElements(values)
    case .stored(.float64(let values)): try file.writeElements(values)
    case .stored(.int64(let values)): try file.writeElements(values)
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
