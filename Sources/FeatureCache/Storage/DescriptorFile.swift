import Foundation

/// `cache.json`: the descriptor with a format version and a checksum. Written last when a cache is
/// created, so a folder with this file is a complete cache.
struct DescriptorFile: Codable {
  static let name = "cache.json"
  static let formatName = "vitrine-feature-cache"
  static let currentVersion = 1

  let format: String
  let version: Int
  let descriptor: FeatureCacheDescriptor
  /// XXH64 over the descriptor's fields, in hexadecimal.
  let checksum: String

  private init(_ descriptor: FeatureCacheDescriptor) {
    format = DescriptorFile.formatName
    version = DescriptorFile.currentVersion
    self.descriptor = descriptor
    checksum = DescriptorFile.checksum(descriptor)
  }

  private static func checksum(_ descriptor: FeatureCacheDescriptor) -> String {
    let digits = String(descriptor.fingerprint, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static func write(_ descriptor: FeatureCacheDescriptor, to folder: Folder)
    throws(FeatureCacheError)
  {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let bytes: [UInt8]
    do {
      bytes = Array(try encoder.encode(DescriptorFile(descriptor))) + [10]
    } catch {
      throw damaged(folder, "it cannot be written: \(error)")
    }
    try folder.replace(name, with: bytes)
  }

  static func missing(_ folder: Folder) -> FeatureCacheError {
    FeatureCacheError(
      code: .notFound, path: folder.path, message: "there is no feature cache here (no \(name))",
      advice: "Check the path; vitrine extract creates a cache")
  }

  static func read(from folder: Folder) throws(FeatureCacheError) -> FeatureCacheDescriptor {
    let file = try OpenFile(reading: folder.file(name), orElse: missing(folder))
    let bytes = try file.contents(limit: 1 << 20) {
      damaged(folder, $0)
    }
    let content: DescriptorFile
    do {
      content = try JSONDecoder().decode(DescriptorFile.self, from: Data(bytes))
    } catch {
      throw damaged(folder, reason(error))
    }
    guard content.format == formatName else {
      throw damaged(folder, "the format is \(content.format.debugDescription)")
    }
    guard content.version == currentVersion else {
      throw FeatureCacheError(
        code: .unsupportedVersion, path: folder.file(name),
        message: "the cache has format version \(content.version), and this program reads "
          + "\(currentVersion)",
        advice: "Use the version of vitrine that filled it")
    }
    guard content.checksum == checksum(content.descriptor),
      (1...FeatureCacheDescriptor.largestWidth).contains(content.descriptor.width)
    else {
      throw damaged(folder, "its checksum does not match its fields")
    }
    return content.descriptor
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(place(context)) is of another type"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(place(context)) has an unknown value"
    default: "it is not JSON"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    context.codingPath.isEmpty
      ? "the whole" : context.codingPath.map(\.stringValue).joined(separator: ".")
  }

  private static func damaged(_ folder: Folder, _ why: String) -> FeatureCacheError {
    FeatureCacheError(
      code: .damagedDescriptor, path: folder.file(name),
      message: "the cache's description cannot be used: \(why)",
      advice: "Restore the file, or make it anew: vitrine cache repair --encoder, with the "
        + "encoder that filled the cache")
  }
}
