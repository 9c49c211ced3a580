import Foundation

/// Reads and writes values as JSON files that people may look at.
enum JSONFile {
  static func write(_ value: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try BundleFolder.write(encoder.encode(value), to: path)
  }

  static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw VitrineError(
        "\(path): the file is missing or cannot be read",
        remedy: "Check the path; a bundle is a folder that train or import wrote.")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw VitrineError("\(path): \(error.plainText)", remedy: "Make the file again.")
    } catch {
      throw VitrineError("\(path): \(error)", remedy: "Make the file again.")
    }
  }
}

extension DecodingError {
  /// What is wrong and at which key, without Swift's own type names.
  var plainText: String {
    switch self {
    case .keyNotFound(let key, let context):
      "the key \"\(Self.path(context, key))\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\"\(Self.path(context))\" has the wrong type: \(context.debugDescription)"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "not valid: \(context.debugDescription)"
        : "\"\(Self.path(context))\": \(context.debugDescription)"
    @unknown default: "not valid"
    }
  }

  private static func path(_ context: Context, _ key: (any CodingKey)? = nil) -> String {
    (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
  }
}
