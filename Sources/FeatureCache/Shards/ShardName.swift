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

  /// The shard number in the name of either of its files.
  static func number(in name: String) -> UInt32? {
    number(in: name, ending: ".keys") ?? number(in: name, ending: ".npy")
  }

  /// Whether a repair has set aside a file of a shard under this name.
  static func isSetAside(_ name: String) -> Bool {
    guard let suffix = name.firstRange(of: Folder.damagedSuffix) else { return false }
    return number(in: String(name[..<suffix.lowerBound])) != nil
  }

  /// The number of the shard that follows.
  /// - Throws: `noShardNumber` after the last possible one.
  static func number(after number: UInt32, in folder: Folder) throws(FeatureCacheError) -> UInt32 {
    let (next, overflow) = number.addingReportingOverflow(1)
    guard overflow else { return next }
    throw FeatureCacheError(
      code: .noShardNumber, path: folder.path,
      message: "\(stem(number)) has the last possible number, so no shard can follow",
      advice: "Move the files of that name out of the folder if a writer has not made them")
  }

  private static func stem(_ number: UInt32) -> String {
    let digits = String(number)
    return "shard-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
