/// The file names of a shard.
enum ShardName {
  static func vectors(_ number: UInt32) -> String { stem(number) + ".npy" }

  static func sidecar(_ number: UInt32) -> String { stem(number) + ".keys" }

  /// The shard number in a file name with this ending; nil for any other name.
  static func number(in name: String, ending: String) -> UInt32? {
    guard name.hasPrefix("shard-"), name.hasSuffix(ending) else { return nil }
    let digits = name.dropFirst(6).dropLast(ending.count)
    guard let number = UInt32(digits), stem(number) + ending == name else { return nil }
    return number
  }

  private static func stem(_ number: UInt32) -> String {
    let digits = String(number)
    return "shard-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
