/// Any key of a keyed container: what a decoder that refuses misspelt keys looks at first.
package struct AnyKey: CodingKey {
  package var stringValue: String
  package var intValue: Int? { nil }
  package init(stringValue: String) { self.stringValue = stringValue }
  package init?(intValue: Int) { nil }
}
