import Foundation
import NeuralNetworks
import Testing

/// The picture of a training is a document that any viewer reads, whatever the numbers.
struct LearningCurvesTests {
  private func record(_ epochs: [[String: Double]]) throws -> TrainingRecord {
    let list = epochs.map { epoch in
      epoch.merging(["batches": 10]) { first, _ in first }
    }
    let data = try JSONSerialization.data(
      withJSONObject: ["epochs": list, "best": list[0]])
    return try JSONDecoder().decode(TrainingRecord.self, from: data)
  }

  /// Names of tags that were opened and not closed, in order; nil after a close of another one.
  private func open(_ svg: String) -> [String]? {
    var names: [String] = []
    for piece in svg.split(separator: "<") {
      guard let end = piece.firstIndex(of: ">") else { return nil }
      let tag = piece[..<end]
      if tag.hasPrefix("/") {
        guard names.popLast() == String(tag.dropFirst()) else { return nil }
      } else if !tag.hasSuffix("/") {
        names.append(String(tag.prefix { !$0.isWhitespace }))
      }
      guard tag.count(where: { $0 == "\"" }) % 2 == 0 else { return nil }
    }
    return names
  }

  @Test func aTrainingBecomesABalancedDocument() throws {
    let record = try record(
      (1...5).map {
        ["epoch": Double($0), "loss": 1 / Double($0), "score": 0.8, "learningRate": 0.1]
      })
    let steps = (0..<5000).map {
      StepRecord(
        epoch: $0 / 1000 + 1, batch: $0 % 1000, step: $0, loss: 1, gradientNorm: 1,
        learningRate: 0.1)
    }
    let curves = LearningCurves(record, steps: steps, title: "A & B <\u{1}>", score: "top-1")
    let svg = curves.svg()
    #expect(open(svg) == [])
    for text in ["A &amp; B &lt; &gt;", ">training loss<", ">top-1<", ">epoch<", ">steps<"] {
      #expect(svg.contains(text), "\(text)")
    }
    // Thinned: 5000 points would take 60 kB.
    #expect(svg.utf8.count < 40_000)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test(
    arguments: [
      [], [0], [1, .nan, 2], [.infinity], [-1e308, 1e308], [5, 5, 5], [1e-300, 2e-300],
      [.leastNonzeroMagnitude],
      [1e15, 1e15 + 1], [-3, 7],
    ] as [[Double]])
  func anyNumbersDraw(values: [Double]) {
    let points = values.enumerated().map { (x: Double($0), y: $1) }
    let curves = LearningCurves(
      title: "", panels: [.init("y", [.init("a", points), .init("b", [])])], marked: 1)
    let svg = curves.svg()
    #expect(open(svg) == [])
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func ticksAreRound() {
    let points = [(x: 0.0, y: 0.13), (x: 10.0, y: 0.87)]
    let svg = LearningCurves(title: "", panels: [.init("y", [.init("a", points)])]).svg()
    for tick in [">0.0<", ">0.2<", ">0.8<", ">1.0<", ">10<"] { #expect(svg.contains(tick)) }
  }
}
