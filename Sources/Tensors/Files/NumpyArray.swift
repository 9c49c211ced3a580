/// An array in NumPy's `.npy` format, version 1.0, row-major: what `numpy.load` gives.
public struct NumpyArray: Sendable, Equatable {
  /// The elements by type.
  public enum Elements: Sendable, Equatable {
    /// `uint8`
    case uint8([UInt8])
    /// `float16`, as bit patterns
    case float16([UInt16])
    /// `float32`
    case float32([Float])
  }

  /// The extents, outermost first.
  public let shape: [Int]
  /// As many as the product of the extents.
  public let elements: Elements

  /// An array of as many elements as its shape holds.
  public init(shape: [Int], elements: Elements) {
    precondition(
      shape.reduce(1, *) == elements.count,
      "\(elements.count) elements do not fill the shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// Reads a file of type `u1`, `f2` or `f4`.
  public static func read(_ path: String) throws(TensorFileError) -> NumpyArray {
    try NumpyArray(parsing: FileReading.bytes(of: path), path: path)
  }

  /// Writes the file so that it appears complete or not at all.
  public func write(to path: String) throws(TensorFileError) {
    let file = try AtomicFile(path)
    try file.write(header)
    switch elements {
    case .uint8(let values): try file.write(values)
    case .float16(let values): try file.writeElements(values)
    case .float32(let values): try file.writeElements(values)
    }
    try file.commit()
  }

  private var header: [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = Array(
      "{'descr': '\(elements.typeName)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    // NumPy pads with spaces and a newline so that the data start on a multiple of 64 bytes.
    while (Self.prefixSize + text.count + 1) % 64 != 0 { text.append(0x20) }
    text.append(0x0A)
    return Self.magic + [UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
  }

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
  static let prefixSize = 10
}

extension NumpyArray.Elements {
  var count: Int {
    switch self {
    case .uint8(let values): values.count
    case .float16(let values): values.count
    case .float32(let values): values.count
    }
  }

  var typeName: String {
    switch self {
    case .uint8: "|u1"
    case .float16: "<f2"
    case .float32: "<f4"
    }
  }
}
