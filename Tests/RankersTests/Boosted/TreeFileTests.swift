import Foundation
import Rankers
import RankingData
import Tensors
import Testing

/// Whatever a file holds, it is read or refused, and what is read can be walked.
@Suite struct TreeFileTests {
  private func model() throws -> [UInt8] {
    var world = BoostedWorld()
    let ranker = try world.train(
      BoostedWorld.configuration {
        $0.rounds = 3
        $0.maxCatToOnehot = 1
      }, world.batch(600))
    return try ModelFolder().json(of: ranker)
  }

  @Test func mutationsNeverTrap() throws {
    let json = try model()
    var random = RandomStream(seed: 8)
    let digits = Array("0123456789-,.[]{}\":eEN".utf8)
    var (read, refused) = (0, 0)
    for round in 0..<4000 {
      var mutant = json
      for _ in 0...random.next(below: 3) {
        let at = random.next(below: mutant.count)
        switch round % 4 {
        case 0: mutant[at] = UInt8(random.next(below: 256))
        case 1: mutant[at] = digits[random.next(below: digits.count)]
        case 2: mutant.remove(at: at)
        default: mutant.insert(digits[random.next(below: digits.count)], at: at)
        }
      }
      do throws(BoostingError) {
        let trees = try TreeEnsemble(json: mutant)
        read += 1
        guard trees.featureCount < 10_000 else { continue }
        let rows = (0..<trees.featureCount * 20).map { _ in
          random.next(below: 5) == 0 ? Float.nan : Float(random.nextNormal() * 20)
        }
        #expect(trees.margins(rows).count == 20)
        _ = trees.importance()
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(read > 100 && refused > 1000)
  }

  @Test func everyTruncationIsRefused() throws {
    let json = try model()
    for length in stride(from: 0, to: json.count, by: 37) {
      #expect(throws: BoostingError.self) { try TreeEnsemble(json: Array(json[..<length])) }
    }
  }

  @Test func deepNestingIsRefused() {
    let deep = "{\"x\":" + String(repeating: "[", count: 100_000)
    #expect(throws: BoostingError.self) { try TreeEnsemble(json: Array(deep.utf8)) }
  }

  /// Two nodes that are each other's children would be walked for ever.
  @Test(arguments: [
    ("\"left_children\":[1,", "\"left_children\":[0,", "child"),
    ("\"left_children\":[1,", "\"left_children\":[999999,", "child"),
    ("\"left_children\":[1,", "\"left_children\":[2,", "child"),
    ("\"split_indices\":[", "\"split_indices\":[7", "column"),
    ("\"num_class\":\"0\"", "\"num_class\":\"2\"", "several outputs"),
    ("\"name\":\"gbtree\"", "\"name\":\"dart\"", "dart"),
    ("\"categories\":[", "\"categories\":[-9,", "category"),
    ("\"categories_sizes\":[", "\"categories_sizes\":[9", "categories"),
    ("\"num_feature\":\"", "\"num_feature\":\"-", "columns"),
    ("\"base_score\":\"", "\"base_score\":\"x", "base score"),
  ])
  func whatCannotBeWalkedIsNamed(_ old: String, _ new: String, _ word: String) throws {
    let text = String(decoding: try model(), as: UTF8.self)
    try #require(text.contains(old))
    let error = #expect(throws: BoostingError.self) {
      try TreeEnsemble(json: Array(text.replacing(old, with: new).utf8))
    }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
  }

  @Test func otherColumnsAreRefused() throws {
    var world = BoostedWorld()
    let folder = try ModelFolder()
    let ranker = try world.train(BoostedWorld.configuration { $0.rounds = 1 }, world.batch(50))
    try ranker.saveParameters(to: folder.path)
    world.layout.numeric = ["cost", "cost is missing", "age", "noise"]
    var other = try BoostedTrees(
      configuration: ranker.configuration, input: world.input, seed: 1)
    let error = #expect(throws: BoostingError.self) {
      try other.loadParameters(from: folder.path)
    }
    #expect(error?.description.contains("'price' stands where 'cost' is expected") == true)
    #expect(error?.description.contains("booster.json") == true)
  }

  /// Numbers are the floats that were written, whatever their form.
  @Test func numbersAreExact() throws {
    let ranker = try model()
    let conditions = try SplitConditions(ranker).values
    #expect(conditions.count > 20)
    var random = RandomStream(seed: 4)
    var texts = ["NaN", "-Infinity", "1E-45", "3.4028235E38", "1.17549435E-38", "-0E0", "16777217"]
    for _ in 0..<5000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if value.isFinite {
        texts.append("\(value)".replacing("e", with: "E").replacing("+", with: ""))
      }
    }
    for text in texts {
      var scanner = JSONModelScanner(Array(text.utf8))
      let read = try scanner.float()
      let expected =
        text == "NaN" ? Float.nan : Float(text) ?? (text == "-Infinity" ? -.infinity : 0)
      #expect(read.bitPattern == expected.bitPattern || (read.isNaN && expected.isNaN), "\(text)")
    }
  }
}
