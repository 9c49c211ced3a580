extension SafetensorsFile {
  /// Parses the bytes of a file; `path` only serves messages.
  package init(parsing bytes: [UInt8], path: String) throws(TensorFileError) {
    let header = try Self.header(bytes, path: path)
    var scanner = HeaderScanner(header)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    var names: Set<String> = []
    do throws(HeaderScanner.Failure) {
      try scanner.object { scanner, name throws(HeaderScanner.Failure) in
        guard names.insert(name).inserted else {
          throw scanner.failure("\"\(name)\" appears twice")
        }
        if name == "__metadata__" {
          metadata = try Self.metadata(&scanner)
        } else {
          guard entries.count < Self.tensorLimit else {
            throw scanner.failure("more than \(Self.tensorLimit) tensors")
          }
          entries.append(try Entry(name: name, scanner: &scanner))
        }
      }
      scanner.skipSpace()
      guard scanner.isAtEnd else { throw scanner.failure("text after the header object") }
    } catch {
      throw TensorFileError(.malformed, path: path, reason: error.reason)
    }
    self.init(tensors: [:], metadata: metadata)
    try Self.requireContiguous(entries, dataSize: bytes.count - header.endIndex, path: path)
    tensors.reserveCapacity(entries.count)
    for entry in entries {
      // Contiguity bounds every range by the size of the file.
      let data = bytes[header.endIndex + entry.begin..<header.endIndex + entry.end]
      tensors[entry.name] = try entry.decode(data, path: path)
    }
  }

  private static func header(
    _ bytes: [UInt8], path: String
  ) throws(TensorFileError) -> ArraySlice<UInt8> {
    guard bytes.count >= 8 else {
      throw TensorFileError(
        .malformed, path: path, reason: "\(bytes.count) bytes are too few for a safetensors file")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(headerLimit) else {
      throw TensorFileError(
        .malformed, path: path,
        reason: "a header of \(length) bytes is above the limit of \(headerLimit)")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw TensorFileError(
        .malformed, path: path,
        reason: "a header of \(length) bytes in a file of \(bytes.count): the file is cut short")
    }
    return bytes[8..<8 + Int(length)]
  }

  private static func metadata(
    _ scanner: inout HeaderScanner
  ) throws(HeaderScanner.Failure) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.object { scanner, key throws(HeaderScanner.Failure) in
      let value = try scanner.string()
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw scanner.failure("metadata key \"\(key)\" appears twice")
      }
    }
    return metadata
  }

  /// Every byte of the data belongs to exactly one tensor.
  private static func requireContiguous(
    _ entries: [Entry], dataSize: Int, path: String
  ) throws(TensorFileError) {
    var end = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == end else {
        throw TensorFileError(
          .malformed, path: path, tensor: entry.name,
          reason: entry.begin < end
            ? "its data at byte \(entry.begin) overlaps the tensor before, which ends at \(end)"
            : "a hole before its data: it starts at byte \(entry.begin), not \(end)")
      }
      guard entry.end <= dataSize else {
        throw TensorFileError(
          .malformed, path: path, tensor: entry.name,
          reason: "its data end at byte \(entry.end) of \(dataSize): the file is cut short")
      }
      end = entry.end
    }
    guard end == dataSize else {
      throw TensorFileError(
        .malformed, path: path, reason: "\(dataSize - end) bytes after the last tensor")
    }
  }
}
