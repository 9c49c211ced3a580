import Foundation
import Images

/// The conformance corpus: what an independent decoder (Pillow) said of every file, and where this
/// room says something else on purpose.
enum Corpus {
  struct Entry {
    let path: String
    let signature: String
    /// Whether the independent decoder gave pixels.
    let isAccepted: Bool
    let size: String
    let orientation: String?
    /// SHA-256 of its RGBA pixels.
    let sum: String?
  }

  struct Deviation {
    let outcome: String
    let reason: String
  }

  static let isPresent = Golden.has("codec-conformance")

  static func bytes(of path: String) throws(ImageError) -> [UInt8] {
    try ImageFile.read(Golden.shared.appending(path: "codec-conformance/\(path)").path)
  }

  static func entries() throws -> [Entry] {
    let path = Golden.shared.appending(path: "codec-conformance/manifest.csv")
    return try table(path).map { row in
      func field(_ name: String) -> String? {
        row[name].flatMap { $0.isEmpty ? nil : $0 }
      }
      return Entry(
        path: row["path", default: ""], signature: row["signature", default: ""],
        isAccepted: row["pillow"] == "ok",
        size: "\(row["width", default: ""]) x \(row["height", default: ""])",
        orientation: field("exif_orientation"), sum: field("rgba_sha256"))
    }
  }

  /// By path; each with its reason, for people.
  static func deviations() throws -> [String: Deviation] {
    let rows = try table(Golden.folder.appending(path: "corpus-deviations.csv"))
    return Dictionary(
      rows.map {
        let deviation = Deviation(
          outcome: $0["outcome", default: ""], reason: $0["why", default: ""])
        return ($0["path", default: ""], deviation)
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func table(_ url: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = fields(lines[0])
    return lines.dropFirst().map {
      Dictionary(zip(names, fields($0)), uniquingKeysWith: { first, _ in first })
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    var result = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: result.append("")
      default: result[result.count - 1].append(character)
      }
    }
    return result
  }
}
