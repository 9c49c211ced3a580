/// The contents of a safetensors file: named tensors, and notes about them.
///
/// The format (huggingface/safetensors): a little-endian `UInt64` header length, a JSON header that
/// maps each name to `dtype`, `shape` and `data_offsets`, and the data, little-endian and row-major.
public struct SafetensorsFile: Sendable, Equatable {
  /// The tensors by name.
  public var tensors: [String: StoredTensor]
  /// The strings of `__metadata__`.
  public var metadata: [String: String]

  /// The contents of a file to be written.
  public init(tensors: [String: StoredTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The header may take this many bytes.
  public static let headerLimit = 4 << 20
  /// A file may hold this many tensors.
  public static let tensorLimit = 10_000

  /// Reads every tensor of a file: F64, F32, F16, BF16 and I64, the halves widened to 32 bits.
  ///
  /// Rejects holes, overlaps, duplicate names, excess of the limits above and values that are not
  /// finite in 32 bits, and names the tensor. Complexity: O(bytes).
  public static func read(_ path: String) throws(TensorFileError) -> SafetensorsFile {
    try SafetensorsFile(parsing: FileReading.bytes(of: path), path: path)
  }
}
