import FeatureCache
import Foundation
import Testing

/// `cache.json`: what a damaged one says, and how it is made anew.
@Suite struct DescriptionTests {
  private let both = [descriptor(encoder: "e1"), descriptor(.float32, encoder: "e1")]

  @Test func aLostDescriptionIsRestoredByNamingTheEncoder() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10])
    try FileManager.default.removeItem(atPath: folder.file("cache.json"))
    #expect(failure { _ = try FeatureCache.rebuildIndex(at: folder.path) } == .notFound)
    #expect(
      failure {
        _ = try FeatureCache.rebuildIndex(at: folder.path, descriptors: [descriptor(encoder: "e2")])
      } == .descriptorMismatch)
    #expect(try !folder.files().contains("cache.json"))
    #expect(failure { _ = try fill(folder, []) } == .alreadyExists)
    _ = try FeatureCache.rebuildIndex(at: folder.path, descriptors: [descriptor()])
    let cache = try FeatureCache.open(at: folder.path, descriptor: descriptor())
    #expect(try cache.vector(forItem: "item9") == vector(9))
  }

  @Test func theShardsTellWhichCandidateItWas() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<10, 10..<20], both[1])
    try folder.write(Array("{".utf8), to: "cache.json")
    // One damaged sidecar says nothing and stands in nobody's way.
    try folder.write([1, 2, 3], to: "shard-000001.keys")
    let report = try FeatureCache.rebuildIndex(at: folder.path, descriptors: both)
    #expect(report.rows == 20 && report.lostRows == 0)
    let cache = try FeatureCache.open(at: folder.path)
    #expect(cache.descriptor == both[1])
    #expect(try cache.vector(forItem: "item15") == vector(15))
  }

  @Test func aSoundDescriptionOutweighsTheCandidates() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<2], both[1])
    _ = try FeatureCache.rebuildIndex(at: folder.path, descriptors: both)
    #expect(try FeatureCache.open(at: folder.path).descriptor == both[1])
    #expect(
      failure {
        _ = try FeatureCache.rebuildIndex(at: folder.path, descriptors: [descriptor(encoder: "e2")])
      } == .descriptorMismatch)
  }

  @Test func aStrangersFolderIsNotMadeACache() throws {
    let folder = TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try folder.write([1], to: "photo.jpg")
    #expect(
      failure { _ = try FeatureCache.rebuildIndex(at: folder.path, descriptors: both) }
        == .notFound)
    #expect(try folder.files() == ["photo.jpg"])
  }

  @Test(arguments: [
    ("", "not JSON"), ("[]", "another type"), ("{}", "format is missing"),
    (
      #"{"format":"vitrine-feature-cache","version":1,"checksum":"","descriptor":{"width":""}}"#,
      "descriptor.width is of another type"
    ),
    (String(repeating: " ", count: 1 << 20 | 1), "1048577 bytes"),
  ])
  func damageIsExplained(_ text: String, _ reason: String) throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<1])
    try folder.write(Array(text.utf8), to: "cache.json")
    do {
      _ = try FeatureCache.open(at: folder.path)
      Issue.record("opened")
    } catch {
      #expect(error.code == .damagedDescriptor)
      #expect(error.message.contains(reason), "\(error)")
      #expect(error.advice.contains("vitrine cache repair --encoder"))
      #expect(!error.description.contains("CodingKeys"))
    }
  }

  @Test func aNewerVersionIsNotOverwritten() throws {
    let folder = TemporaryFolder()
    try fill(folder, [0..<1])
    let text = String(decoding: try folder.bytes("cache.json"), as: UTF8.self)
      .replacingOccurrences(of: #""version" : 1"#, with: #""version" : 2"#)
    try folder.write(Array(text.utf8), to: "cache.json")
    #expect(
      failure { _ = try FeatureCache.rebuildIndex(at: folder.path, descriptors: both) }
        == .unsupportedVersion)
    #expect(try folder.bytes("cache.json") == Array(text.utf8))
  }
}
