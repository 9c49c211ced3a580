import FileSupport
import Foundation
import Testing
import Vitrine

/// What `train` says about configurations that cannot be meant.
@Suite struct ConfigurationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let legal = """
    model: {kind: deepfm, width: 4}
    data: {impressions: log.csv, split: {validation: 0.2, test: 0.2}}
    schema: {categorical: [user, item]}
    training: {epochs: 2}
    """

  @Test func pathsAreRelativeToTheFileAndOverridesToTheWorkingFolder() throws {
    let path = try folder.write(Self.legal, to: "train.yaml")
    #expect(try TrainingFile(path: path).data.impressions == [folder("log.csv")])
    var overrides = TrainingFile.Overrides()
    overrides.impressions = "other.csv"
    overrides.seed = 9
    let file = try TrainingFile(path: path, overrides: overrides)
    #expect(file.data.impressions == ["other.csv"])
    guard case .ranker(_, let training, _) = file.task else { return #expect(Bool(false)) }
    #expect(training.seed == 9 && training.epochs == 2)
  }

  /// Every form of the data section that can be meant.
  @Test(arguments: [
    (
      "impressions: [a.csv, b.csv.gz], format: csv, header: [user, item, click], trim: true,"
        + " missing: [\"?\"]", ["a.csv", "b.csv.gz"]
    ),
    (
      "train: [s1.txt, s2.txt], validation: s3.txt, test: s4.txt, groups: [a, b, c, d]",
      ["s1.txt", "s2.txt", "s3.txt", "s4.txt"]
    ),
    ("impressions: a.csv, split: {by: hold_last}", ["a.csv"]),
    ("impressions: a.csv, split: {by: hold_last, validation: 0.1, test: 0.1}", ["a.csv"]),
    ("impressions: a.csv, split: {by: random, validation: 0.1, test: 0.1, seed: 7}", ["a.csv"]),
    ("impressions: a.csv, split: {by: group}", ["a.csv"]),
    ("impressions: a.csv, split: {by: time, validation_from: 5, test_from: 9}", ["a.csv"]),
    ("prepared: ready, split: {by: group}", []),
  ])
  func dataSections(_ data: String, _ files: [String]) throws {
    let text = Self.legal.replacing(
      "impressions: log.csv, split: {validation: 0.2, test: 0.2}", with: data)
    let file = try TrainingFile(path: folder.write(text, to: "train.yaml"))
    #expect(file.data.impressions == files.map { folder($0) })
    if data.hasPrefix("prepared") { #expect(file.data.origin == .prepared(folder("ready"))) }
  }

  @Test(arguments: [
    ("split: {by: time}", "there are no impressions"),
    ("impressions: a.csv, train: b.csv", "named already"),
    ("train: a.csv, split: {by: time}", "part the rows already"),
    ("validation: a.csv", "there are no impressions"),
    ("prepared: x, impressions: a.csv", "has its files already"),
    ("impressions: a.csv, split: {by: rndom}", "\"random\""),
    ("impressions: a.csv, split: {by: hold_last, test: 0}", "at least one request"),
    ("impressions: a.csv, split: {by: hold_last, seed: 2}", "leaves nothing to chance"),
    ("impressions: a.csv, split: {by: time, seed: 3}", "nothing to chance"),
    ("impressions: a.csv, split: {by: group, test_from: 3}", "begins at a time"),
    ("impressions: a.csv, split: {by: random, validation: 0.5, test: 0.5}", "Together"),
    ("impressions: a.csv, format: excel", "\"excel\""),
    ("impressions: a.csv, header: [a, a]", "differ"), ("impressions: []", "different names"),
    ("impressions: a.csv, trim: maybe", "switch"),
  ])
  func dataSectionsThatCannotBeMeant(_ data: String, _ says: String) throws {
    let text = Self.legal.replacing(
      "impressions: log.csv, split: {validation: 0.2, test: 0.2}", with: data)
    let path = try folder.write(text, to: "train.yaml")
    let error = #expect(throws: (any Error).self) { try TrainingFile(path: path) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains(":2:") || message.contains(":1:"), "\(message)")
    #expect(message.contains(says), "\(message)")
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let legal: String
    let mistaken: String
    /// What the message must hold.
    let says: [String]
    var testDescription: String { mistaken }
  }

  @Test(arguments: [
    Mistake(
      legal: "kind: deepfm, width", mistaken: "kind: deepfm, widht",
      says: [":1:8:", "widht", "\"width\""]),
    Mistake(legal: "kind: deepfm", mistaken: "kind: depfm", says: [":1:8:", "\"deepfm\""]),
    Mistake(legal: "kind: deepfm, ", mistaken: "", says: [":1:8:", "kind"]),
    Mistake(legal: "width: 4", mistaken: "width: 0", says: [":1:8:", "width", "4096"]),
    Mistake(legal: "width: 4", mistaken: "width: many", says: [":1:8:", "width"]),
    Mistake(legal: "impressions", mistaken: "impresions", says: [":2:8:", "\"impressions\""]),
    Mistake(legal: "validation: 0.2", mistaken: "validation: 0.9", says: [":2:37:", "Together"]),
    Mistake(legal: "validation: 0.2", mistaken: "validation: x", says: [":2:", "\"x\""]),
    Mistake(legal: "categorical", mistaken: "categoricl", says: [":3:10:", "\"categorical\""]),
    Mistake(legal: "[user, item]", mistaken: "[user, user]", says: [":3:", "user", "twice"]),
    Mistake(legal: "[user, item]", mistaken: "[click]", says: [":3:", "click", "label"]),
    Mistake(legal: "[user, item]", mistaken: "[position]", says: [":3:", "position"]),
    Mistake(legal: "[user, item]", mistaken: "[]", says: [":3:9:", "feature"]),
    Mistake(
      legal: "{categorical: [user, item]}", mistaken: "{visual: {history: true}}",
      says: [":3:", "items"]),
    Mistake(legal: "epochs: 2", mistaken: "epoch: 2", says: [":4:11:", "\"epochs\""]),
    Mistake(legal: "epochs: 2", mistaken: "epochs: 0", says: [":4:11:", "epochs"]),
    Mistake(legal: "training: {", mistaken: "training: {{", says: ["not YAML"]),
  ])
  func mistakesAreNamedWithTheirPlace(_ mistake: Mistake) throws {
    #expect(Self.legal.contains(mistake.legal))
    let text = Self.legal.replacingOccurrences(of: mistake.legal, with: mistake.mistaken)
    let path = try folder.write(text, to: "train.yaml")
    let error = #expect(throws: RankingDataError.self) { try TrainingFile(path: path) }
    let message = try #require(error).description
    for part in [path] + mistake.says { #expect(message.contains(part), "\(message)") }
  }

  @Test func aSlateModelNeedsABaseAndNoSchema() throws {
    let slate = """
      model: {kind: seq2slate, cells: 8}
      data: {impressions: log.csv}
      """
    let path = try folder.write(slate, to: "slate.yaml")
    #expect(throws: RankingDataError.self) { try TrainingFile(path: path) }
    var overrides = TrainingFile.Overrides()
    overrides.base = "ranker"
    #expect(throws: Never.self) { try TrainingFile(path: path, overrides: overrides) }
    let both = try folder.write(slate + "\nschema: {categorical: [user]}\n", to: "both.yaml")
    let error = #expect(throws: RankingDataError.self) {
      try TrainingFile(path: both, overrides: overrides)
    }
    #expect(error?.line == 3)
  }
}
