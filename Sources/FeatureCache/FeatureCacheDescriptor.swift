/// What all vectors of one cache have in common. A changed model or preprocessing never mixes with
/// old vectors: a cache whose descriptor differs refuses to open.
package struct FeatureCacheDescriptor: Hashable, Sendable, Codable {
  /// How one number is stored.
  package enum ElementType: String, Sendable, Codable {
    case float16, float32

    package var byteCount: Int { self == .float16 ? 2 : 4 }

    /// The type in numpy's notation.
    var numpyName: String { self == .float16 ? "<f2" : "<f4" }
  }

  /// Numbers per vector.
  package let width: Int
  package let elementType: ElementType
  /// Hash of the encoder's weights and architecture.
  package let encoder: String
  /// Hash of the preprocessing's canonical JSON.
  package let preprocessing: String
  /// The arithmetic of the encoder: `fp32`, `bf16` or `int8`.
  package let precision: String
  /// Whether the encoder looks at the category, so that one image has a vector per category.
  package let categoryInKey: Bool

  enum CodingKeys: String, CodingKey {
    case width, encoder, preprocessing, precision
    case elementType = "element_type"
    case categoryInKey = "category_in_key"
  }

  package init(
    width: Int, elementType: ElementType, encoder: String, preprocessing: String,
    precision: String, categoryInKey: Bool
  ) {
    precondition(
      (1...FeatureCacheDescriptor.largestWidth).contains(width),
      "a feature width of \(width) is not in 1...\(FeatureCacheDescriptor.largestWidth)")
    self.width = width
    self.elementType = elementType
    self.encoder = encoder
    self.preprocessing = preprocessing
    self.precision = precision
    self.categoryInKey = categoryInKey
  }

  static let largestWidth = 1 << 20

  /// Bytes of one stored vector.
  package var rowByteCount: Int { width * elementType.byteCount }

  /// Ties shards and the index to their cache.
  var fingerprint: UInt64 {
    var bytes: [UInt8] = []
    for field in fields { bytes.append(sized: field.value) }
    return Checksum.of(bytes)
  }

  private var fields: [(name: String, value: String)] {
    [
      ("width", "\(width)"), ("element_type", elementType.rawValue), ("encoder", encoder),
      ("preprocessing", preprocessing), ("precision", precision),
      ("category_in_key", "\(categoryInKey)"),
    ]
  }

  /// Throws where `expected` differs, naming each field with both values.
  func check(against expected: FeatureCacheDescriptor, path: String) throws(FeatureCacheError) {
    let differences = zip(fields, expected.fields).filter { $0.value != $1.value }
    guard !differences.isEmpty else { return }
    let list = differences.map { "\($0.name) is \($0.value), not \($1.value)" }
    throw FeatureCacheError(
      code: .descriptorMismatch, path: path,
      message: "the cache was filled differently: \(list.joined(separator: "; "))",
      advice: "Vectors of different encoders must not mix: use another cache folder for the new "
        + "ones, or open this one with the encoder that filled it")
  }
}
