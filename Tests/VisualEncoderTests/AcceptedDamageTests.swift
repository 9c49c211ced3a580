import FeatureCache
import FileSupport
import Foundation
import Images
import Tensors
import Testing
import VisualEncoder

/// A damaged image is refused first, and picked up by a second run that is told to.
@Suite struct AcceptedDamageTests {
  private let folder: TemporaryFolder
  private let pipeline: ExtractionPipeline

  init() throws {
    folder = try TemporaryFolder()
    let configuration = EncoderConfiguration(
      architecture: .resnet18, preprocessing: Preprocessing(resize: 40, crop: 32))
    pipeline = ExtractionPipeline(
      EncoderBundle(
        configuration: configuration, weights: try EncoderWeights(random: 2, for: configuration)),
      workers: 2)
    for (index, photo) in ExtractionTests.photos.prefix(3).enumerated() {
      try folder.write(try FileReading.bytes(of: photo), to: "in/good\(index).jpg")
    }
    let bytes = try FileReading.bytes(of: ExtractionTests.photos[3])
    try folder.write(Array(bytes[..<(bytes.count / 2)]), to: "in/cut.jpg")
    try folder.write(Array(bytes[..<(bytes.count / 2)]), to: "in/cut too.jpg")
  }

  private func run(lenient: Bool) throws -> (report: ExtractionReport, ledger: [String: String]) {
    var pipeline = pipeline
    pipeline.acceptsDamage = lenient
    let cache = try pipeline.openCache(at: folder("cache"))
    #expect(cache.path == folder("cache"), "one generation")
    let report = try pipeline.run(try ImageList.read(folder("in")), into: cache)
    let lines = try text(of: report.ledger).split(separator: "\n")
    let entries = try lines.map {
      try JSONDecoder().decode(ExtractionFailure.self, from: Data($0.utf8))
    }
    return (report, Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0.reason) }))
  }

  @Test func aLenientRunPicksUpOnlyWhatWasRefused() throws {
    let first = try run(lenient: false)
    #expect(first.report.computed == 3 && first.report.failuresByReason == ["truncated": 2])
    #expect(first.ledger == ["cut": "truncated", "cut too": "truncated"])

    let second = try run(lenient: true)
    #expect(second.report.computed == 1 && second.report.unchanged == 3)
    #expect(second.report.failures.isEmpty && second.report.done == 5)
    #expect(second.report.notes == ["damage-accepted": 1])
    #expect(second.ledger == ["cut": "damage-accepted", "cut too": "damage-accepted"])
    let reader = try FeatureCache.open(at: folder("cache"))
    #expect(try reader.vector(forItem: "cut") != nil)
  }

  /// A run that is killed after a commit has said what it let pass.
  @Test func whatIsCommittedIsListedAtOnce() throws {
    var pipeline = pipeline
    (pipeline.acceptsDamage, pipeline.commitSeconds, pipeline.workers) = (true, 0, 1)
    let ledger = folder("cache/ledger.jsonl")
    try folder.write("{\"id\":\"good0\",\"reas", to: "cache/ledger.jsonl")
    var early: [String] = []
    _ = try pipeline.run(
      try ImageList.read(folder("in")), into: pipeline.openCache(at: folder("cache")),
      progress: { _ in
        if let text = try? text(of: ledger) { early.append(text) }
      })
    let lines = try #require(early.last).split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasSuffix("reas"), "\(lines)")
    #expect(lines.dropFirst().allSatisfy { $0.contains("damage-accepted") })
    // A run that was not told about damage finds the vectors, and reads that ledger.
    try folder.write(early.last ?? "", to: "cache/ledger.jsonl")
    #expect(
      try run(lenient: false).ledger == ["cut": "damage-accepted", "cut too": "damage-accepted"])
  }

  @Test func whatAKilledRunListedWithoutCommittingIsForgotten() throws {
    try folder.write(
      "{\"id\":\"cut\",\"path\":\"x\",\"reason\":\"damage-accepted\",\"message\":\"\"}\n",
      to: "cache/ledger.jsonl")
    #expect(try run(lenient: false).ledger == ["cut": "truncated", "cut too": "truncated"])
  }

  /// What the vectors in the cache owe to damage is listed as long as they are shown.
  @Test func theLedgerRemembersAcceptedDamage() throws {
    _ = try run(lenient: true)
    for lenient in [false, true, false] {
      let again = try run(lenient: lenient)
      #expect(again.report.unchanged == 5 && again.report.failures.isEmpty)
      #expect(again.ledger == ["cut": "damage-accepted", "cut too": "damage-accepted"])
    }
    // A file that is gone for a while takes no vector away.
    let image = folder("in/cut too.jpg")
    try FileManager.default.moveItem(atPath: image, toPath: folder("aside"))
    let items =
      try ImageList.read(folder("in")) + [ExtractionItem(id: "cut too", path: image)]
    let gone = try pipeline.run(items, into: pipeline.openCache(at: folder("cache")))
    #expect(gone.failuresByReason == ["unreadable": 1])
    try FileManager.default.moveItem(atPath: folder("aside"), toPath: image)
    #expect(try run(lenient: false).ledger.count == 2)
    // A whole image in the place of one of them.
    try folder.write(try FileReading.bytes(of: ExtractionTests.photos[4]), to: "in/cut.jpg")
    #expect(try run(lenient: false).ledger == ["cut too": "damage-accepted"])
  }
}
