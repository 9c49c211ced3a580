import FileSupport
import Foundation
import Testing
import Vitrine

/// Scores that are logarithms of expected weights, from the configuration to what `rank` shows.
@Suite struct OddsTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func configuration(_ data: String = "") -> String {
    shop.configuration(
      visual: false, model: "{kind: youtube_dnn, width: 4, hidden: [8]}",
      training: "{epochs: 4, batch_size: 64, learning_rate: 0.01, seed: 2, loss: weighted_logistic}"
    ).replacingOccurrences(of: "split: {", with: "\(data)split: {")
  }

  private func shown(_ model: String) throws -> [Float] {
    let file = try shop.file(configuration())
    _ = try RequestFile.write(file, part: .test, to: folder("requests.jsonl"))
    let requests = try shop.read(RankingRequest.self, folder("requests.jsonl"))
    let ranker = try RequestRanker(model: folder(model))
    return requests.flatMap { ranker.scores(of: $0) }
  }

  @Test func weightsToExpectAreShown() throws {
    _ = try shop.train(configuration(), output: folder("odds"))
    #expect(try RankerBundle(path: folder("odds")).output == .odds)
    let odds = try shown("odds")
    let scored = try RankerJudge(shop.file(configuration()), part: .test)
    let scores = try scored.scores(of: scored.load(folder("odds"))).scores
    let expected = scores.map { exp($0) }
    #expect(odds.sorted().elementsEqual(expected.sorted()) { abs($0 - $1) < 1e-5 * max(1, $1) })
    // Without weights a click counts once, so that what is to be expected is its probability.
    let mean = odds.reduce(0, +) / Float(odds.count)
    #expect((0.03...0.5).contains(mean), "\(mean)")
    let bundle = try RankerBundle(path: folder("odds"))
    guard case .odds(let correction) = bundle.calibration else {
      Issue.record("\(bundle.calibration)")
      return
    }
    #expect((0.01...0.3).contains(correction.positives) && correction.keptNegatives == 1)
  }

  /// A bundle of before, which says that its scores only order, still does.
  @Test func earlierBundlesKeepTheirMeaning() throws {
    _ = try shop.train(configuration(), output: folder("old"))
    let path = "\(folder("old"))/model.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let earlier = text.replacing(/"output"\s*:\s*"odds"/, with: "\"output\": \"score\"")
    #expect(earlier != text)
    try earlier.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try RankerBundle(path: folder("old")).output == .score)
    #expect(try shown("old").contains { $0 < 0 })
  }

  @Test func thinnedNegativesAreAccountedFor() throws {
    _ = try shop.train(
      configuration("negatives: {keep: 0.2, random: 0, popular: 0}, "), output: folder("thin"))
    let bundle = try RankerBundle(path: folder("thin"))
    guard case .odds(let correction) = bundle.calibration, correction.keptNegatives == 0.2 else {
      Issue.record("\(bundle.calibration)")
      return
    }
    #expect(bundle.output == .odds)
    let odds = try shown("thin")
    let mean = odds.reduce(0, +) / Float(odds.count)
    #expect((0.03...0.5).contains(mean), "\(mean)")
  }
}
