/// The folder names of generations. The cache's own folder is the first generation; each later one
/// is a complete cache in a folder below it.
enum GenerationName {
  static let first = 1

  static func folder(_ number: Int) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// What a generation is called while it is being removed.
  static func dropped(_ number: Int) -> String { folder(number) + Folder.temporarySuffix }

  static let prefix = "generation-"

  /// The number in the name of a generation's folder; nil for any other name.
  static func number(in name: String) -> Int? {
    guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)),
      number > first, folder(number) == name
    else { return nil }
    return number
  }

  /// The number in the name of a generation that is being removed; nil for any other name.
  static func droppedNumber(in name: String) -> Int? {
    guard name.hasPrefix(prefix), name.hasSuffix(Folder.temporarySuffix) else { return nil }
    let stem = name.dropLast(Folder.temporarySuffix.count)
    guard let number = Int(stem.dropFirst(prefix.count)), number >= first,
      dropped(number) == name
    else { return nil }
    return number
  }
}
