/// How a vector becomes the bytes of a row and back. Rows are little-endian, as the processors
/// that this package supports are.
struct RowFormat: Sendable {
  let width: Int
  let type: FeatureCacheDescriptor.ElementType

  init(_ descriptor: FeatureCacheDescriptor) {
    width = descriptor.width
    type = descriptor.elementType
  }

  var byteCount: Int { width * type.byteCount }

  /// Why a vector cannot be stored; nil if it can.
  func problem(with vector: [Float]) -> String? {
    guard vector.count == width else {
      return "the vector has \(vector.count) numbers, the cache holds \(width)"
    }
    let limit = type == .float16 ? HalfPrecision.largest : Float.greatestFiniteMagnitude
    // One pass without branches; the slow search runs only for a vector that fails. NaN fails too.
    var isFine = true
    for value in vector { isFine = isFine && abs(value) <= limit }
    guard !isFine, let index = vector.firstIndex(where: { !(abs($0) <= limit) }) else { return nil }
    return vector[index].isFinite
      ? "element \(index) is \(vector[index]), beyond \(limit), the largest half-precision number"
      : "element \(index) is \(vector[index])"
  }

  /// Appends the row of a vector that has no problem.
  func append(_ vector: [Float], to bytes: inout [UInt8]) {
    switch type {
    case .float32:
      vector.withUnsafeBytes { bytes.append(contentsOf: $0) }
    case .float16:
      let halves = [UInt16](unsafeUninitializedCapacity: vector.count) { halves, count in
        vector.withUnsafeBufferPointer { vector in
          for index in vector.indices { halves[index] = HalfPrecision.encode(vector[index]) }
        }
        count = vector.count
      }
      halves.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }

  /// Writes the numbers of one row to `output`, which has room for `width`.
  func decode(_ row: UnsafeRawBufferPointer, to output: UnsafeMutablePointer<Float>) {
    precondition(row.count == byteCount, "a row has \(byteCount) bytes, not \(row.count)")
    guard let base = row.baseAddress else { return }
    switch type {
    case .float32:
      UnsafeMutableRawPointer(output).copyMemory(from: base, byteCount: row.count)
    case .float16:
      for index in 0..<width {
        output[index] = HalfPrecision.decode(
          base.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      }
    }
  }
}
