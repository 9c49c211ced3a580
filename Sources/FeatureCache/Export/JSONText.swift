extension [UInt8] {
  /// Appends a JSON string. UTF-8 passes through; what JSON forbids in a string is escaped.
  mutating func append(quoting text: some Sequence<UInt8>) {
    append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        append(contentsOf: "\\u00".utf8)
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
      default:
        append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }
}
