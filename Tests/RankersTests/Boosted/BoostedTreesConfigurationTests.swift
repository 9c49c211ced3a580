import Foundation
import Rankers
import RankingData
import Testing

@Suite struct BoostedTreesConfigurationTests {
  private func decode(_ keys: String) throws -> RankerSpecification {
    try JSONDecoder().decode(
      RankerSpecification.self, from: Data(#"{"kind": "xgboost", \#(keys)}"#.utf8))
  }

  private func refusal(_ keys: String, _ layout: FeatureLayout? = nil) -> String {
    do {
      let specification = try decode(keys)
      guard let layout else { return "" }
      _ = try RankerRegistry.make(specification, input: RankerInput(layout: layout))
      return ""
    } catch { return "\(error)" }
  }

  /// The dictionary of the survey that this toolkit answers: a binary objective with two classes,
  /// watched by accuracy.
  @Test func theDictionaryOfTheSurveyIsRefusedReadably() {
    let message = refusal(
      """
      "objective": "binary:logistic", "num_class": 2, "eval_metric": "error", "max_depth": 6,
      "eta": 0.1, "subsample": 0.7, "colsample_bytree": 0.7, "silent": 1
      """)
    for words in [
      "'xgboost' cannot have 'num_class'", "two margins a row", "twice as many predictions",
      "Remove it", "cannot have 'eval_metric'", "training.monitor", "auc or log_loss",
      "accuracy at 0.5", "cannot have 'silent'",
    ] { #expect(message.contains(words), "\(words) in \(message)") }
    #expect(!message.contains("max_depth"))
  }

  @Test func misspeltNamesAreCorrected() {
    #expect(refusal(#""max_dept": 3"#).contains(#"Did you mean "max_depth"?"#))
    #expect(refusal(#""learning_rate": 0.1"#).contains("eta"))
    #expect(
      refusal(#""objective": "binary:logitic""#).contains(#"Did you mean "binary:logistic"?"#))
    #expect(refusal(#""objective": "multi:softprob""#).contains("'objective' to 'multi:softprob'"))
    #expect(refusal(#""tree_method": "hits""#).contains(#"Did you mean "hist"?"#))
    #expect(refusal(#""grow_policy": "lossgiude""#).contains(#"Did you mean "lossguide"?"#))
  }

  /// XGBoost takes these and returns NaN, no trees, or a dead process.
  @Test(arguments: [
    (#""eta": 0"#, "eta"), (#""eta": 1e300"#, "eta"), (#""rounds": 0"#, "rounds"),
    (#""max_depth": 1000000"#, "max_depth"), (#""max_depth": -1"#, "max_depth"),
    (#""max_depth": 0"#, "max_leaves"), (#""subsample": 0"#, "subsample"),
    (#""subsample": 1e-9"#, "subsample"), (#""colsample_bytree": 0"#, "colsample_bytree"),
    (#""nthread": 9999"#, "nthread"), (#""nthread": -3"#, "nthread"),
    (#""max_bin": 2000000000"#, "max_bin"), (#""max_bin": 1"#, "max_bin"),
    (#""scale_pos_weight": 0"#, "scale_pos_weight"), (#""lambda": -1"#, "lambda"),
    (#""base_score": 0"#, "base_score"), (#""base_score": 1"#, "base_score"),
    (#""monotone": {"price": 7}"#, "monotone.price"),
    (#""objective": "rank:ndcg", "scale_pos_weight": 2"#, "scale_pos_weight"),
    (#""tree_method": "exact", "max_depth": 0, "max_leaves": 8"#, "max_depth"),
    (#""tree_method": "exact", "grow_policy": "lossguide""#, "grow_policy"),
    (#""tree_method": "exact", "max_leaves": 9"#, "max_leaves"),
    (#""max_cat_to_onehot": 0"#, "max_cat_to_onehot"),
  ])
  func valuesThatMakeNoModel(_ keys: String, _ name: String) {
    let message = refusal(keys)
    #expect(message.contains(name), "\(keys): \(message)")
  }

  @Test func columnsAreHeldAgainstTheConfiguration() {
    let layout = FeatureLayout(
      categorical: [.init(name: "city", rows: 12)], numeric: ["price", "price is missing"])
    #expect(refusal(#""monotone": {"prise": 1}"#, layout).contains(#"Did you mean "price"?"#))
    #expect(refusal(#""monotone": {"city": 1}"#, layout).contains("no order"))
    #expect(refusal(#""monotone": {"price": -1}"#, layout).isEmpty)
    #expect(refusal(#""tree_method": "exact""#, layout).contains("categorical: codes"))
    #expect(refusal(#""tree_method": "exact", "categorical": "codes""#, layout).isEmpty)
    #expect(refusal(#""categorical": "none""#, FeatureLayout(numeric: [])).contains("no features"))
  }

  @Test func everyKeySurvivesAFile() throws {
    var configuration = BoostedTrees.Configuration()
    configuration.objective = .lambdaMART
    configuration.minChildWeight = 0.5
    configuration.baseScore = 0.2
    configuration.monotone = ["price": -1]
    configuration.categorical = .codes
    configuration.normalize = false
    configuration.nthread = 2
    let written = try JSONEncoder().encode(RankerSpecification(configuration))
    #expect(
      try JSONDecoder().decode(RankerSpecification.self, from: written)
        == RankerSpecification(configuration))
    for key in BoostedTrees.Configuration.keys
    where key != "min_child_weight" && key != "base_score" {
      let text = String(
        decoding: try JSONEncoder().encode(RankerSpecification(BoostedTrees.Configuration())),
        as: UTF8.self)
      #expect(text.contains("\"\(key)\""))
    }
    #expect(
      BoostedTrees.Configuration.refusals.keys.allSatisfy {
        !BoostedTrees.Configuration.keys.contains($0)
      })
  }

  @Test func labelsThatDoNotFitAreNamed() throws {
    var world = BoostedWorld()
    let grades = world.batch(100, grades: true)
    let error = #expect(throws: BoostingError.self) {
      try world.train(BoostedWorld.configuration(), grades)
    }
    #expect(error?.description.contains("binary:logistic needs labels from 0 to 1") == true)
    var negative = grades
    negative.labels[3] = -1
    #expect(throws: BoostingError.self) {
      try world.train(BoostedWorld.configuration { $0.objective = .lambdaMART }, negative)
    }
    #expect(throws: RankerError.noRows("training")) {
      try world.train(BoostedWorld.configuration(), world.batch(0), grades)
    }
  }

  @Test func plansThatDoNotFitAreNamed() throws {
    var world = BoostedWorld()
    let rows = world.batch(100, grades: true)
    func refusal(
      _ objective: BoostedTrees.Objective, _ rows: RankingBatch,
      _ change: (inout RankerTraining) -> Void
    ) throws -> String {
      var plan = RankerTraining()
      change(&plan)
      var ranker = try BoostedTrees(
        configuration: BoostedWorld.configuration { $0.objective = objective },
        input: world.input, seed: 1)
      do {
        try ranker.fit(
          training: rows, validation: rows, plan: plan, checkpoint: nil, report: { _ in })
        return ""
      } catch { return "\(error)" }
    }
    let watched = try refusal(.lambdaMART, rows) { $0.monitor = .logLoss }
    #expect(watched.contains("no probabilities"))
    let lossy = try refusal(.lambdaMART, rows) {
      $0.loss = RankingLossSpecification(RankNetLoss())
    }
    #expect(lossy.contains("model.objective"))
    var flat = rows
    flat.labels = [Float](repeating: 1, count: 100)
    #expect(try !refusal(.ndcg, flat) { _ in }.isEmpty)
    #expect(try refusal(.lambdaMART, rows) { $0.monitor = .auc }.isEmpty)
  }

  @Test func objectivesThatRankAreWatchedByNDCG() throws {
    let plan = RankerTraining()
    for objective in BoostedTrees.Objective.allCases {
      let specification = RankerSpecification(
        BoostedWorld.configuration { $0.objective = objective })
      #expect(
        specification.completing(plan).monitor == (objective == .logistic ? .auc : .ndcg(10)))
      var chosen = plan
      chosen.monitor = .auc
      #expect(specification.completing(chosen).monitor == .auc)
    }
  }
}
