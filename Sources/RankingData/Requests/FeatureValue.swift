/// One value of a context or item feature: a JSON number, string, or array of strings.
///
/// In a CSV file the same three forms are a decimal number, any text, and text joined by the
/// field's separator.
public enum FeatureValue: Sendable, Hashable {
  /// A numeric feature. Finite wherever it was read by this library.
  case number(Double)
  /// A categorical feature.
  case text(String)
  /// A multi-valued categorical feature.
  case list([String])
}

extension FeatureValue {
  /// The value as a categorical id. Whole numbers are written without a fraction, so that the
  /// JSON number `5` and the CSV cell `5` are the same id. A list of one is its element; any other
  /// list has no single id.
  public var identifier: String? {
    switch self {
    case .text(let text): text
    case .list(let values): values.count == 1 ? values[0] : nil
    case .number(let number):
      if let whole = Int64(exactly: number) { String(whole) } else { String(describing: number) }
    }
  }

  /// The value as a number; text is parsed as the readers of files parse it, because a CSV column
  /// arrives as text.
  public var number: Double? {
    switch self {
    case .number(let number): number
    case .text(let text): DecimalNumber.parse(text)
    case .list: nil
    }
  }
}

extension FeatureValue: ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral
{
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A list of texts.
  public init(arrayLiteral elements: String...) { self = .list(elements) }
}

extension FeatureValue: Codable {
  /// Decodes a JSON number, string, boolean (as the text `true` or `false`) or array of strings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .text(flag ? "true" : "false")
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let list = try? container.decode([String].self) {
      self = .list(list)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "A feature is a number, a string, or an array of strings.")
    }
  }

  /// Encodes the plain JSON value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    }
  }
}

extension DecimalNumber {
  /// The number that a text spells, or `nil`.
  static func parse(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { unsafe parse($0) }
  }
}
