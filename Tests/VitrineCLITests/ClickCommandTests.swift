import FileSupport
import Foundation
import Testing

/// Judged lists, clicks on them, a slate model, and what it is worth: every command once.
@Suite struct ClickCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var lines = ""
    for query in 0..<60 {
      for document in 0..<8 {
        let quality = (document * 5 + query * 3) % 8
        lines += "\(quality > 5 ? 1 : 0) qid:\(query) 1:\(quality) 2:\(document)\n"
      }
    }
    try folder.write(lines, to: "judged.txt")
    try folder.write(
      """
      model: {kind: seq2slate, features: all, width: 8, cells: 8}
      data: {lists: clicks.jsonl}
      training: {epochs: 2, seed: 1}
      """, to: "slate.yaml")
  }

  private func run(_ arguments: String...) throws -> Command {
    let command = try Command(arguments, in: folder.path)
    #expect(command.status == 0, "\(arguments): \(command.errors)")
    return command
  }

  @Test func fromJudgementsToTheWorthOfSlates() throws {
    let made = try run(
      "dataset", "clicks", "judged.txt", "--diverse", "--eta", "0.5", "--sessions", "3", "--output",
      "clicks.jsonl")
    #expect(made.errors.contains("180 lists"))
    let again = try run(
      "dataset", "clicks", "judged.txt", "--diverse", "--eta", "0.5", "--sessions", "3")
    #expect(try again.output == text(of: folder("clicks.jsonl")))
    #expect(!again.output.contains("relevance"))

    _ = try run("train", "slate.yaml", "--output", "slate")
    let slates = try run("rerank", "--model", "slate", "clicks.jsonl", "--top", "8")
    try folder.write(slates.output, to: "slates.jsonl")
    let base = try run("rerank", "clicks.jsonl", "--top", "8")
    try folder.write(base.output, to: "base.jsonl")
    let judged = try run(
      "evaluate", "slates", "slates.jsonl", "--against", "base.jsonl", "--requests",
      "clicks.jsonl")
    for word in ["MAP", "NDCG@5", "NDCG@10", "coverage", "Gini coefficient", " p"] {
      #expect(judged.output.contains(word), "\(judged.output)")
    }
    let policy = try run(
      "evaluate", "policy", "slates.jsonl", "--log", "clicks.jsonl", "--eta", "0.5")
    for word in ["as logged", "inverse propensity", "self-normalized", "doubly robust"] {
      #expect(policy.output.contains(word), "\(policy.output)")
    }
    #expect(policy.errors.contains("--trained-on"))
  }

  @Test(arguments: ["pbm", "cascade", "dbn"])
  func everyWorldClicks(_ world: String) throws {
    let made = try run(
      "dataset", "clicks", "judged.txt", "--world", world, "--highest-grade", "1", "--output",
      "\(world).jsonl")
    #expect(made.errors.contains("60 lists"))
  }

  @Test func mistakesAreRefused() throws {
    for mistake in [
      ["dataset", "clicks", "judged.txt", "--eta", "-1"],
      ["dataset", "clicks", "judged.txt", "--quantile", "2", "--diverse"],
      ["dataset", "clicks", "judged.txt", "--sessions", "0"],
      ["dataset", "clicks", "judged.txt", "--world", "pbm", "--diverse"],
      ["dataset", "clicks", "absent.txt"],
      ["dataset", "clicks", "judged.txt", "--world", "dbn", "--highest-grade", "0"],
      ["evaluate", "policy", "a.jsonl", "--log", "b.jsonl", "--reward", "pbm"],
      ["evaluate", "policy", "a.jsonl", "--log", "b.jsonl", "--trained-on", "dbn"],
    ] {
      let command = try Command(mistake, in: folder.path)
      #expect(command.status != 0 && !command.errors.isEmpty, "\(mistake)")
    }
  }
}
