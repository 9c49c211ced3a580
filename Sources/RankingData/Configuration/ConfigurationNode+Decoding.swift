import Yams

extension ConfigurationNode {
  /// Reads a part of a configuration into a value that says itself what is legal in it.
  /// - Parameter context: what the value must know besides.
  /// - Throws: `RankingDataError` at the place in the file; the value's own errors in its words.
  package func decode<Value: Decodable>(
    _ type: Value.Type, context: [CodingUserInfoKey: any Sendable] = [:]
  ) throws(RankingDataError) -> Value {
    do {
      return try YAMLDecoder().decode(type, from: node, userInfo: context)
    } catch let error as DecodingError {
      throw failure(.badValue, Self.explanation(of: error), "Correct the value.")
    } catch {
      throw failure(.badValue, "\(error)", "Correct the configuration.")
    }
  }

  private static func explanation(of error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context), .keyNotFound(_, let context):
      // Errors of other types come wrapped; theirs are the better words.
      if let cause = context.underlyingError, !(cause is DecodingError) { return "\(cause)" }
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (key.isEmpty ? "" : "\"\(key)\": ") + context.debugDescription
    @unknown default: return "not valid."
    }
  }
}
