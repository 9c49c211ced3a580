/// What all vectors of one generation have in common. A changed model or preprocessing never mixes
/// with old vectors: it has a generation of its own.
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

  /// Each field that differs, with both values.
  func differences(from expected: FeatureCacheDescriptor) -> [String] {
    zip(fields, expected.fields).filter { $0.value != $1.value }
      .map { "\($0.name) is \($0.value), not \($1.value)" }
  }

  /// Throws where `expected` differs, naming each field with both values.
  func check(against expected: FeatureCacheDescriptor, path: String) throws(FeatureCacheError) {
    let list = differences(from: expected)
    guard list.isEmpty else { throw .descriptorMismatch(path, list, isOnly: true) }
  }

  /// Whether the other holds the same vectors, perhaps as numbers of another size.
  func differsOnlyInStorage(from other: FeatureCacheDescriptor) -> Bool {
    let stored = FeatureCacheDescriptor(
      width: width, elementType: other.elementType, encoder: encoder,
      preprocessing: preprocessing, precision: precision, categoryInKey: categoryInKey)
    return stored == other
  }
}
