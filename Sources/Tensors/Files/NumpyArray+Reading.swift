extension NumpyArray {
  /// Parses the bytes of a file; `path` only serves messages.
  package init(parsing bytes: [UInt8], path: String) throws(TensorFileError) {
    func malformed(_ reason: String) -> TensorFileError {
      TensorFileError(.malformed, path: path, reason: reason)
    }
    guard bytes.count >= Self.prefixSize, Array(bytes[..<8]) == Self.magic else {
      throw malformed("is not a version 1.0 .npy file")
    }
    let dataStart = Self.prefixSize + Int(bytes[8]) + Int(bytes[9]) << 8
    guard dataStart <= bytes.count else { throw malformed("the header is cut short") }
    let header = String(decoding: bytes[Self.prefixSize..<dataStart], as: UTF8.self)
    guard let type = Self.value(of: "descr", in: header),
      let order = Self.value(of: "fortran_order", in: header),
      let shape = Self.shape(in: header)
    else {
      throw malformed("the header needs descr, fortran_order and shape: \(header.prefix(200))")
    }
    guard order == "False" else {
      throw TensorFileError(
        .unsupported, path: path, reason: "column-major order; save numpy.ascontiguousarray(x)")
    }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw malformed("shape \(shape) is too large") }
      count = product
    }
    let data = bytes[dataStart...]
    let width = ["'|u1'": 1, "'<f2'": 2, "'<f4'": 4][type]
    guard let width else {
      throw TensorFileError(
        .unsupported, path: path, reason: "type \(type); |u1, <f2 and <f4 are read")
    }
    guard data.count % width == 0, data.count / width == count else {
      throw malformed("\(data.count) bytes of \(type) for shape \(shape)")
    }
    let elements: Elements
    switch width {
    case 1: elements = .uint8(Array(data))
    case 2: elements = .float16(FileReading.elements(data))
    default: elements = .float32(FileReading.elements(data))
    }
    self.init(shape: shape, elements: elements)
  }

  /// The text after `'key':` up to the comma that ends it.
  private static func value(of key: String, in header: String) -> String? {
    text(after: key, in: header).map { text in
      String(text.prefix { $0 != "," && $0 != "}" }).trimmed
    }
  }

  private static func shape(in header: String) -> [Int]? {
    guard let text = text(after: "shape", in: header), text.first == "(",
      let end = text.firstIndex(of: ")")
    else { return nil }
    var shape: [Int] = []
    for field in text[..<end].dropFirst().split(separator: ",", omittingEmptySubsequences: true) {
      let digits = String(field).trimmed
      if digits.isEmpty { continue }
      guard let extent = Int(digits), extent >= 0, shape.count < 32 else { return nil }
      shape.append(extent)
    }
    return shape
  }

  private static func text(after key: String, in header: String) -> Substring? {
    let pattern = Array("'\(key)':")
    let characters = Array(header)
    guard characters.count >= pattern.count else { return nil }
    for start in 0...(characters.count - pattern.count)
    where characters[start..<start + pattern.count].elementsEqual(pattern) {
      return Substring(String(characters[(start + pattern.count)...])).drop { $0 == " " }
    }
    return nil
  }
}

extension String {
  /// Without the spaces around it.
  fileprivate var trimmed: String {
    let leading = drop { $0 == " " }
    return String(leading.reversed().drop { $0 == " " }.reversed())
  }
}
