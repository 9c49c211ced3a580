extension KeyedDecodingContainer {
  /// Takes over the value of a key, where the key is there.
  package func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
    value = try decodeIfPresent(Value.self, forKey: key) ?? value
  }

  /// The same of what may be absent: `null` says that it is.
  package func update<Value: Decodable>(_ value: inout Value?, _ key: Key) throws {
    if contains(key) { value = try decodeIfPresent(Value.self, forKey: key) }
  }
}
