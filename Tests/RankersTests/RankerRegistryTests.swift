import Foundation
import Rankers
import RankingData
import Testing

@Suite struct RankerRegistryTests {
  private func decode(_ json: String) throws -> RankerSpecification {
    try JSONDecoder().decode(RankerSpecification.self, from: Data(json.utf8))
  }

  @Test func everyKindHasDefaultsThatBuildAModel() throws {
    let world = RankerWorld()
    #expect(Set(RankerRegistry.kinds).count == RankerRegistry.kinds.count)
    #expect(Set(["logistic", "mlp", "deepfm", "xgboost"]).isSubset(of: RankerRegistry.kinds))
    for kind in RankerRegistry.kinds {
      let ranker = try RankerRegistry.make(RankerSpecification(kind: kind), input: world.input)
      #expect(ranker.kind == kind)
      #expect(ranker.specification.kind == kind)
    }
  }

  @Test func missingKeysKeepTheirDefaults() throws {
    let specification = try decode(#"{"kind": "deepfm", "width": 8, "embedding_scale": 0.1}"#)
    var expected = DeepFM.Configuration()
    expected.width = 8
    expected.embeddingScale = 0.1
    #expect(specification == RankerSpecification(expected))
    #expect(expected.hidden == [400, 400, 400])
  }

  @Test func specificationsSurviveAFile() throws {
    var configuration = DeepFM.Configuration()
    configuration.hidden = [3]
    configuration.dropout = 0.25
    let written = try JSONEncoder().encode(RankerSpecification(configuration))
    let read = try JSONDecoder().decode(RankerSpecification.self, from: written)
    #expect(read == RankerSpecification(configuration))
    #expect(read != RankerSpecification(DeepFM.Configuration()))
  }

  @Test func aMisspeltKindIsCorrected() {
    #expect(throws: RankerError.unknownKind("deepmf", known: RankerRegistry.kinds)) {
      try decode(#"{"kind": "deepmf"}"#)
    }
    let error = RankerError.unknownKind("deepmf", known: ["logistic", "deepfm"])
    #expect(
      error.description
        == #"""
        There is no ranker of kind 'deepmf'. Did you mean "deepfm"? Legal here: "logistic", "deepfm".
        """#)
    let hopeless = RankerError.unknownKind("transformer", known: RankerRegistry.kinds)
    #expect(!hopeless.description.contains("Did you mean"))
  }

  @Test func aMisspeltKeyIsRefused() {
    let error = #expect(throws: RankerError.self) {
      try decode(#"{"kind": "deepfm", "droput": 0.5}"#)
    }
    #expect(error?.description.contains(#"Did you mean "dropout"?"#) == true)
  }

  @Test(arguments: [
    (#"{"kind": "rnn", "read_out": "mena"}"#, #"Did you mean "mean"?"#),
    (#"{"kind": "rnn", "cell": "transformer"}"#, #"Legal here: "lstm", "gru""#),
    (#"{"kind": "din", "normalize": "softmaxx"}"#, #"Did you mean "softmax"?"#),
    (#"{"kind": "mlp", "activation": "gelu"}"#, #""relu", "selu", "sigmoid""#),
  ])
  func aWrongChoiceIsAnsweredWithTheRightOnes(json: String, answer: String) throws {
    let error = #expect(throws: RankerError.self) { try decode(json) }
    #expect(error?.description.contains(answer) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    #"{"kind": "deepfm", "width": 0}"#, #"{"kind": "deepfm", "hidden": [4, -1]}"#,
    #"{"kind": "deepfm", "dropout": 1}"#, #"{"kind": "logistic", "l2": -1}"#,
  ])
  func impossibleValuesAreRefused(json: String) throws {
    #expect(throws: RankerError.self) { try decode(json) }
  }

  @Test(arguments: [-512, 0, 5_120_000_000])
  func impossibleVectorsAreRefused(width: Int) {
    let input = RankerInput(
      layout: FeatureLayout(visual: true), visual: .init(width: width, version: "v"))
    #expect(throws: RankerError.self) {
      try RankerRegistry.make(RankerSpecification(kind: "deepfm"), input: input)
    }
  }

  @Test(arguments: [
    [1_000_000_000, 1_000_000_000, 1_000_000_000], [3_000_000_000], [.max, .max], [-1],
  ])
  func moreIdsThanATableNumbersAreRefused(rows: [Int]) {
    let fields = rows.enumerated().map { FeatureLayout.Field(name: "f\($0)", rows: $1) }
    let input = RankerInput(layout: FeatureLayout(categorical: fields))
    #expect {
      _ = try RankerRegistry.make(RankerSpecification(kind: "logistic"), input: input)
    } throws: { error in
      guard case RankerError.configuration(let key, _, let reason) = error else { return false }
      return key.hasPrefix("rows of") || reason.contains("in one table")
    }
  }

  @Test(arguments: ["deepfm", "din", "dssm"])
  func tablesLargerThanTheMachineAreRefused(kind: String) {
    let fields = [FeatureLayout.Field(name: "item", rows: 2_000_000_000)]
    let input = RankerInput(
      layout: FeatureLayout(
        categorical: fields, bags: [.init(name: "history", rows: 2_000_000_000)], historyBag: 0,
        itemField: 0))
    let configuration = #"{"kind": "\#(kind)", "width": 4096}"#
    #expect {
      let specification = try JSONDecoder().decode(
        RankerSpecification.self, from: Data(configuration.utf8))
      _ = try RankerRegistry.make(specification, input: input)
    } throws: { error in
      guard case RankerError.configuration("schema", _, let reason) = error else { return false }
      return reason.hasPrefix("4096 numbers for each")
    }
  }

  @Test func visualFeaturesNeedVectors() {
    let input = RankerInput(layout: FeatureLayout(visual: true))
    #expect(throws: RankerError.missingVisualInput) {
      try RankerRegistry.make(RankerSpecification(kind: "logistic"), input: input)
    }
  }
}
