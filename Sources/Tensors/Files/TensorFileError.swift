/// A file of tensors that cannot be read or written.
public struct TensorFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Code: String, Sendable, Hashable {
    /// The operating system refused to open, read or write.
    case io
    /// The bytes are not what the format demands.
    case malformed
    /// The format allows it, this library does not.
    case unsupported
    /// A value is infinite or not a number.
    case notFinite
  }

  /// What kind of trouble it is.
  public let code: Code
  /// The file.
  public let path: String
  /// The tensor concerned, where there is one.
  public let tensor: String?
  /// What is wrong, and what to do where that is not obvious.
  public let reason: String

  package init(_ code: Code, path: String, tensor: String? = nil, reason: String) {
    self.code = code
    self.path = path
    self.tensor = tensor
    self.reason = reason
  }

  /// `weights.safetensors: tensor "conv1.weight": 12 bytes for shape [4]`
  public var description: String {
    path + ": " + (tensor.map { "tensor \"\($0)\": " } ?? "") + reason
  }
}
