extension SafetensorsFile {
  /// One line of the header, its shape and its byte count already held against each other.
  struct Entry {
    enum Kind: String {
      case float64 = "F64"
      case float32 = "F32"
      case float16 = "F16"
      case bfloat16 = "BF16"
      case int64 = "I64"

      var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32: 4
        case .float16, .bfloat16: 2
        }
      }
    }

    let name: String
    let kind: Kind
    let shape: [Int]
    let begin: Int
    let end: Int

    init(name: String, scanner: inout HeaderScanner) throws(HeaderScanner.Failure) {
      var type: String?
      var shape: [Int]?
      var offsets: [Int]?
      try scanner.object { scanner, key throws(HeaderScanner.Failure) in
        switch key {
        case "dtype" where type == nil: type = try scanner.string()
        case "shape" where shape == nil: shape = try scanner.integers(limit: 8)
        case "data_offsets" where offsets == nil: offsets = try scanner.integers(limit: 2)
        default: throw scanner.failure("tensor \"\(name)\": key \"\(key)\" is unknown or repeated")
        }
      }
      guard let type, let shape, let offsets, offsets.count == 2 else {
        throw scanner.failure(
          "tensor \"\(name)\" needs dtype, shape and two data_offsets")
      }
      guard let kind = Kind(rawValue: type) else {
        throw scanner.failure(
          "tensor \"\(name)\" has type \(type); F64, F32, F16, BF16 and I64 are read")
      }
      var bytes = kind.byteCount
      for extent in shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard !overflow, extent <= Int(Int32.max) else {
          throw scanner.failure("tensor \"\(name)\": shape \(shape) is too large")
        }
        bytes = product
      }
      guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == bytes else {
        throw scanner.failure(
          "tensor \"\(name)\": data_offsets \(offsets) do not fit \(bytes) bytes of \(type) \(shape)"
        )
      }
      (self.name, self.kind, self.shape, begin, end) = (name, kind, shape, offsets[0], offsets[1])
    }

    func decode(_ data: ArraySlice<UInt8>, path: String) throws(TensorFileError) -> StoredTensor {
      let elements: StoredTensor.Elements
      let firstBad: Int?
      switch kind {
      case .float32:
        let values: [Float] = FileReading.elements(data)
        firstBad = values.firstIndex { !$0.isFinite }
        elements = .float32(values)
      case .float64:
        let values: [Double] = FileReading.elements(data)
        // Computing narrows it to 32 bits, where more numbers are infinite.
        firstBad = values.firstIndex { !Float($0).isFinite }
        elements = .float64(values)
      case .float16:
        let halves: [UInt16] = FileReading.elements(data)
        let values = halves.map { Float(Float16(bitPattern: $0)) }
        firstBad = values.firstIndex { !$0.isFinite }
        elements = .float32(values)
      case .bfloat16:
        let halves: [UInt16] = FileReading.elements(data)
        let values = halves.map { Float(bitPattern: UInt32($0) << 16) }
        firstBad = values.firstIndex { !$0.isFinite }
        elements = .float32(values)
      case .int64:
        elements = .int64(FileReading.elements(data))
        firstBad = nil
      }
      if let firstBad {
        throw TensorFileError(
          .notFinite, path: path, tensor: name,
          reason:
            "element \(firstBad) is infinite, not a number or beyond 32 bits; export the weights again"
        )
      }
      return StoredTensor(shape: shape, elements: elements)
    }
  }
}
