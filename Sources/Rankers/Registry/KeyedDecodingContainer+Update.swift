extension KeyedDecodingContainer {
  /// Takes over the value of a key, where the key is there.
  func update<Value: Decodable>(_ value: inout Value, _ key: Key) throws {
    value = try decodeIfPresent(Value.self, forKey: key) ?? value
  }

  /// The same of what may be absent: `null` says that it is.
  func update<Value: Decodable>(_ value: inout Value?, _ key: Key) throws {
    if contains(key) { value = try decodeIfPresent(Value.self, forKey: key) }
  }

  /// The same of one of several names.
  ///
  /// - Throws: `RankerError.unknownChoice`, which lists them, for any other name.
  func update<Choice: RawRepresentable<String> & CaseIterable & Decodable>(
    _ value: inout Choice, _ key: Key
  ) throws {
    guard let name = try decodeIfPresent(String.self, forKey: key) else { return }
    guard let choice = Choice(rawValue: name) else {
      throw RankerError.unknownChoice(
        key: key.stringValue, value: name, known: Choice.allCases.map(\.rawValue))
    }
    value = choice
  }
}
