extension KeyedDecodingContainer {
  /// Takes over one of several names, where the key is there.
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
