import RankingData
import Slates
import Testing

@Suite struct SlateListTests {
  @Test func baseOrderIsDescendingScoreAndStable() throws {
    let list = try SlateList(
      id: "r", ids: ["a", "b", "c", "d"], scores: [1, 3, 1, 2],
      categories: ["x", nil, "y", "x"], clicks: [true, false, false, true])
    #expect(list.ids == ["b", "d", "a", "c"])
    #expect(list.positions == [1, 3, 0, 2])
    #expect(list.scores == [3, 2, 1, 1])
    #expect(list.clicks == [false, true, true, false])
    #expect((0..<4).map { list.category($0) } == [nil, "x", "x", "y"])
  }

  @Test func orderCanBeKept() throws {
    let list = try SlateList(id: "r", ids: ["a", "b"], scores: [1, 3], order: .asGiven)
    #expect(list.ids == ["a", "b"])
    #expect(try SlateList(id: "r", ids: ["a", "b"]).positions == [0, 1])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func scoresMustBeFinite(_ score: Double) {
    #expect {
      try SlateList(id: "r", ids: ["a", "b"], scores: [1, score])
    } throws: { error in
      guard case SlateError.scoreNotFinite("r", "b", 1, _) = error else { return false }
      return "\(error)".contains("“b”")
    }
  }

  @Test func columnsMustAgree() {
    #expect(
      throws: SlateError.countMismatch(list: "r", column: "scores", expected: 2, found: 1)
    ) { try SlateList(id: "r", ids: ["a", "b"], scores: [1]) }
    #expect(
      throws: SlateError.countMismatch(list: "r", column: "categories", expected: 2, found: 3)
    ) { try SlateList(id: "r", ids: ["a", "b"], categories: ["x", "y", "z"]) }
    #expect(
      throws: SlateError.countMismatch(list: "r", column: "clicks", expected: 1, found: 0)
    ) { try SlateList(id: "r", ids: ["a"], clicks: []) }
    let table = VisualTable(ids: ["a"], width: 1, vectors: [1])
    for row: Int32 in [1, -2, .max, .min] {
      #expect(throws: SlateError.visualRow(list: "r", item: "a", row: row, rows: 1)) {
        try SlateList(id: "r", ids: ["a"], visuals: table, visualRows: [row])
      }
    }
  }

  @Test func featuresFollowTheirCandidates() throws {
    let list = try SlateList(
      id: "r", ids: ["a", "b"], scores: [1, 3], features: [1, .nan, 3, 4], featureWidth: 2)
    #expect(list.features[0..<3] == [3, 4, 1] && list.features[3].isNaN)
    #expect(throws: SlateError.featureWidth(list: "r", expected: 2, numbers: 3)) {
      try SlateList(id: "r", ids: ["a", "b"], features: [1, 2, 3], featureWidth: 2)
    }
    #expect(throws: SlateError.featureNotFinite(list: "r", item: "b")) {
      try SlateList(id: "r", ids: ["a", "b"], features: [1, 2, 3, -.infinity], featureWidth: 2)
    }
    let request = RankingRequest(
      id: "r",
      items: [
        Candidate(id: "a", clicked: true, features: ["price": 2, "tag": "x"]), Candidate(id: "b"),
      ])
    let logged = try SlateList(request, features: ["price", "tag"])
    #expect(logged.features[0] == 2 && logged.features[1...].allSatisfy(\.isNaN))
    #expect(logged.clicks == [true, false])
  }

  @Test func featuresAreStandardisedByTheTrainingLists() throws {
    let lists = try [[Float(1), 7, 3, 7], [5, 7, .nan, 7]].enumerated().map { index, features in
      try SlateList(
        id: "\(index)", ids: ["a", "b"], features: features, featureWidth: 2, clicks: [true, false])
    }
    let features = CandidateFeature.fit(names: ["x", "constant"], to: lists)
    #expect(features.map(\.name) == ["x", "constant"])
    #expect(features[0].mean == 3 && abs(features[0].deviation - 1.6329932) < 1e-6)
    #expect(features[1] == CandidateFeature(name: "constant", mean: 7, deviation: 0))
    let model = try Seq2Slate(Seq2SlateConfiguration(features: features, width: 4, cells: 4))
    let decoder = Seq2SlateDecoder(model)
    #expect(try decoder.decode(lists[1]).count == 2)
    let bare = try SlateList(id: "bare", ids: ["a", "b"])
    #expect(throws: SlateError.featureWidth(list: "bare", expected: 2, numbers: 0)) {
      try decoder.decode(bare)
    }
  }

  @Test func requestsGiveAllScoresOrNone() throws {
    let some = RankingRequest(
      id: "r", items: [Candidate(id: "a", score: 1), Candidate(id: "b")])
    #expect(throws: SlateError.scoreMissing(list: "r", item: "b", position: 1)) {
      try SlateList(some)
    }
    let none = RankingRequest(id: "r", items: [Candidate(id: "a"), Candidate(id: "b")])
    #expect(try SlateList(none).scores == nil)
    #expect(try SlateList(RankingRequest(id: "r", items: [])).count == 0)
  }

  @Test func idsFindTheirVectors() throws {
    let table = VisualTable(ids: ["b", "a"], width: 1, vectors: [1, 2])
    let request = RankingRequest(
      id: "r",
      items: [
        Candidate(id: "a", score: 1), Candidate(id: "c", score: 3), Candidate(id: "b", score: 2),
      ])
    #expect(try SlateList(request, visuals: table).visualRows == [-1, 0, 1])
  }

  @Test func scoresAreStandardised() {
    let plain = SlateFeatures.standardized([4, 2, 0], count: 3)
    #expect(abs(plain[0] - Double(1.5).squareRoot()) < 1e-12)
    #expect(plain[1] == 0 && plain[2] == -plain[0])
    #expect(SlateFeatures.standardized([7, 7, 7], count: 3) == [0, 0, 0])
    #expect(SlateFeatures.standardized(nil, count: 2) == [0, 0])
    #expect(SlateFeatures.standardized([0, 0], count: 2) == [0, 0])
    #expect(SlateFeatures.standardized([], count: 0) == [])
    let huge = SlateFeatures.standardized(
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], count: 2)
    #expect(huge == [1, -1])
    let tiny = SlateFeatures.standardized([.leastNonzeroMagnitude * 1e10, 0], count: 2)
    #expect(tiny.allSatisfy { $0.isFinite })
  }
}
