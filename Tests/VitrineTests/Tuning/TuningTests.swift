import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct TuningTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func tuning(_ search: String, name: String = "search.yaml") throws -> Tuning {
    let training = shop.configuration(
      visual: false, model: "{kind: deepfm, width: 4, hidden: [8]}",
      training: "{epochs: 2, batch_size: 256, learning_rate: 0.003, seed: 2}")
    return try Tuning(path: folder.write("\(training)\nsearch: \(search)\n", to: name))
  }

  private static let grid =
    "{method: grid, space: {model.width: [2, 4], training.learning_rate: [0.01, 0.003]}}"

  private func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: folder(name), encoding: .utf8).split(separator: "\n").map(
      String.init)
  }

  @Test func aGridTriesEveryCombination() throws {
    let plan = try tuning(Self.grid).plan.split(separator: "\n")
    #expect(
      plan == [
        "trial 0: model.width 2, training.learning_rate 0.01",
        "trial 1: model.width 2, training.learning_rate 0.003",
        "trial 2: model.width 4, training.learning_rate 0.01",
        "trial 3: model.width 4, training.learning_rate 0.003",
      ])
  }

  /// A search may be given more trials: those that it had stay what they were.
  @Test func drawsStayInTheirRangesAndDoNotDependOnTheirNumber() throws {
    let space = """
      {training.learning_rate: {log: [1e-4, 1e-2]}, model.width: {integer: [2, 5]},
       model.dropout: {uniform: [0, 0.5]}, model.hidden: [[8], [8, 4]]}
      """
    func plan(_ trials: Int, seed: Int) throws -> [Substring] {
      try tuning("{trials: \(trials), seed: \(seed), space: \(space)}").plan.split(separator: "\n")
    }
    let many = try plan(200, seed: 1)
    #expect(try plan(10, seed: 1) == Array(many.prefix(10)))
    #expect(try plan(10, seed: 2) != Array(many.prefix(10)))
    func values(_ key: String) -> [String] {
      many.compactMap { line in
        line.firstRange(of: "\(key) ").map { range in
          String(line[range.upperBound...].split(separator: ", m")[0].split(separator: ", t")[0])
        }
      }
    }
    let rates = values("learning_rate").compactMap(Double.init)
    #expect(rates.count == 200 && rates.allSatisfy { (1e-4...1e-2).contains($0) })
    // A logarithmic range has half of its draws below the geometric mean.
    #expect((70...130).contains(rates.count { $0 < 1e-3 }))
    #expect(Set(values("model.width")) == ["2", "3", "4", "5"])
    #expect(values("dropout").compactMap(Double.init).allSatisfy { (0...0.5).contains($0) })
    #expect(Set(values("model.hidden")) == ["[8]", "[8, 4]"])
  }

  @Test func halvingGivesTheBestMoreOfTheBudget() throws {
    let plan = try tuning(
      "{method: halving, trials: 9, space: {training.learning_rate: {log: [1e-3, 1e-2]}}}"
    ).plan.split(separator: "\n")
    #expect(
      plan.prefix(3) == [
        "rung 1: 9 trials with 11.1 % of the epochs", "rung 2: 3 trials with 33.3 % of the epochs",
        "rung 3: 1 trials with 100.0 % of the epochs",
      ])
  }

  @Test func theWinnerIsTheModelOfItsConfiguration() async throws {
    let summary = try await tuning(Self.grid).run(output: folder("found"))
    #expect(summary.trials.count == 4)
    let scores = summary.trials.compactMap(\.score)
    #expect(summary.best.score == scores.max())

    let file = try TrainingFile(path: folder("found/best.yaml"))
    _ = try ModelTraining(file).run(
      output: folder("again"), checkpoint: folder("checkpoint"), resume: false)
    for name in ["weights.safetensors", "transform.json"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("found/best/\(name)"), andPath: folder("again/\(name)")), "\(name)")
    }
    let report = try RankerJudge(file, part: .test).report(model: folder("again"))
    #expect(report.metrics == summary.test?.metrics)
    #expect(try lines("found/results.csv").count == 5)
    #expect(try lines("found/search.svg").first?.contains("<svg") == true)
  }

  /// What a kill leaves: whole lines, and a piece of one.
  @Test func aStoppedSearchGoesOnToTheSameResult() async throws {
    let whole = try await tuning(Self.grid).run(output: folder("whole"))
    try FileManager.default.createDirectory(
      atPath: folder("found"), withIntermediateDirectories: true)
    for name in ["search.json", "best"] {
      try FileManager.default.copyItem(
        atPath: folder("whole/\(name)"), toPath: folder("found/\(name)"))
    }
    let kept = try lines("whole/trials.jsonl")
    try folder.write(
      kept[0] + "\n" + kept[1] + "\n" + kept[2].prefix(40), to: "found/trials.jsonl")
    let resumed = try await tuning(Self.grid).run(output: folder("found"))
    #expect(resumed.trials.prefix(2) == whole.trials.prefix(2))
    #expect(resumed.trials.map(\.score) == whole.trials.map(\.score))
    #expect(resumed.best.trial == whole.best.trial && resumed.test?.metrics == whole.test?.metrics)

    let before = try lines("found/trials.jsonl")
    _ = try await tuning(Self.grid).run(output: folder("found"))
    #expect(try lines("found/trials.jsonl") == before, "nothing was left to do")
  }

  @Test(arguments: ["epochs", "rows"])
  func trainingsSideBySideChangeNothing(budget: String) async throws {
    let search = """
      method: halving, trials: 4, factor: 2, budget: \(budget),
      space: {training.learning_rate: {log: [1e-3, 1e-2]}}
      """
    let one = try await tuning("{\(search), parallel: 1}", name: "one.yaml").run(
      output: folder("one"))
    let three = try await tuning("{\(search), parallel: 3}", name: "three.yaml").run(
      output: folder("three"))
    #expect(one.trials.map(\.score) == three.trials.map(\.score))
    #expect(one.trials.map(\.rung).sorted() == [0, 0, 0, 0, 1, 1, 2])
    #expect(!FileManager.default.fileExists(atPath: folder("one/checkpoints")))
  }

  @Test func anotherSearchIsNotContinued() async throws {
    _ = try await tuning(Self.grid).run(output: folder("found"), judgesTest: false)
    let other = try tuning("{method: grid, space: {model.width: [2, 4]}}", name: "other.yaml")
    let error = await #expect(throws: VitrineError.self) {
      try await other.run(output: folder("found"))
    }
    #expect(error?.description.contains("another search") == true)
  }

  /// More draws belong to the same search, fewer would lose some; the rungs of halving change with
  /// their number, and so does what a trial of a rung was trained on.
  @Test func onlyMoreDrawsContinueASearch() async throws {
    func search(_ trials: Int, _ method: String = "random") throws -> Tuning {
      try tuning(
        "{method: \(method), trials: \(trials), space: {training.learning_rate: {log: [1e-3, 1e-2]}}}"
      )
    }
    let two = try await search(2).run(output: folder("found"), judgesTest: false)
    let four = try await search(4).run(output: folder("found"), judgesTest: false)
    #expect(four.trials.count == 4 && four.trials.prefix(2) == two.trials.prefix(2))
    let fewer = await #expect(throws: VitrineError.self) {
      try await search(3).run(output: folder("found"))
    }
    #expect(fewer?.description.contains("at least 4") == true)

    _ = try await search(3, "halving").run(output: folder("halved"), judgesTest: false)
    let other = await #expect(throws: VitrineError.self) {
      try await search(9, "halving").run(output: folder("halved"))
    }
    #expect(other?.description.contains("another search") == true)
  }

  /// A seed from the command line makes another search, too.
  @Test func overridesBelongToTheSearch() async throws {
    _ = try await tuning(Self.grid).run(output: folder("found"), judgesTest: false)
    var overrides = TrainingFile.Overrides()
    overrides.seed = 99
    let seeded = try Tuning(path: folder("search.yaml"), overrides: overrides)
    let error = await #expect(throws: VitrineError.self) {
      try await seeded.run(output: folder("found"))
    }
    #expect(error?.description.contains("another search") == true)
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let search: String
    let says: [String]
    var testDescription: String { search }
  }

  @Test(arguments: [
    Mistake(search: "{}", says: ["space"]),
    Mistake(search: "{space: {}}", says: ["search.space", "nothing to choose"]),
    Mistake(
      search: "{space: {model.kind: [mlp]}}", says: ["model.kind", "kind, seed and monitor"]),
    Mistake(search: "{space: {schema.user: [a]}}", says: ["below model and training"]),
    Mistake(search: "{space: {model.widht: [4]}}", says: ["trial 0", "widht", "\"width\""]),
    Mistake(
      search: "{space: {model.dropout: [0, 2]}, method: grid}", says: ["trial 1", "dropout"]),
    Mistake(search: "{space: {model.width: []}}", says: ["empty"]),
    Mistake(search: "{space: {model.width: {integer: [4]}}}", says: ["two ends"]),
    Mistake(search: "{space: {model.width: {integer: [4, 2]}}}", says: ["before it begins"]),
    Mistake(search: "{space: {model.l2: {log: [0, 1]}}}", says: ["model.l2"]),
    Mistake(
      search: "{method: grid, space: {model.l2: {uniform: [0, 1]}}}", says: ["model.l2 is a range"]),
    Mistake(search: "{methd: grid, space: {model.width: [2]}}", says: ["methd", "\"method\""]),
    Mistake(
      search: "{method: grid, trials: 1, space: {model.width: [2, 4]}}", says: ["2 combinations"]),
  ])
  func mistakesAreNamed(mistake: Mistake) throws {
    let error = #expect(throws: (any Error).self) { try tuning(mistake.search) }
    for text in mistake.says { #expect("\(error as Any)".contains(text), "\(error as Any)") }
  }
}
