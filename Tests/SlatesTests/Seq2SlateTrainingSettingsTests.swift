import Foundation
import RankingData
import Slates
import Testing

@Suite struct Seq2SlateTrainingSettingsTests {
  private func decoded(_ json: String) throws -> Seq2SlateTraining {
    try JSONDecoder().decode(Seq2SlateTraining.self, from: Data(json.utf8))
  }

  @Test func sectionsTakeTheirDefaults() throws {
    #expect(try decoded("{}").reinforce == nil && decoded("{}").propensity == nil)
    #expect(try decoded(#"{"reinforce": {}}"#).reinforce == .init())
    #expect(try decoded(#"{"propensity": {}}"#).propensity == .init())
    let some = try decoded(
      #"""
      {"loss": "hinge", "prefix": "samples", "input_order": "shuffled",
       "propensity": {"eta": 0.5}, "reinforce": {"reward": "map", "baseline": "moving_average",
       "epochs": 2, "samples": 4, "critic_learning_rate": 0.5}}
      """#)
    #expect(some.loss == .hinge && some.prefix == .samples && some.inputOrder == .shuffled)
    #expect(some.propensity?.eta == 0.5 && some.propensity?.clip == 10)
    let reinforce = try #require(some.reinforce)
    #expect(reinforce.reward == .map && reinforce.baseline == .movingAverage)
    #expect(reinforce.epochs == 2 && reinforce.samples == 4 && reinforce.criticLearningRate == 0.5)
    #expect(reinforce.learningRate == 1e-4 && reinforce.momentum == 0.9)
    #expect(throws: DecodingError.self) { try decoded(#"{"loss": "squared"}"#) }
    #expect(throws: DecodingError.self) { try decoded(#"{"reinforce": {"reward": "clicks"}}"#) }
  }

  @Test func everythingSurvivesARoundTrip() throws {
    var training = Seq2SlateTraining()
    training.loss = .hinge
    training.prefix = .teacher
    training.reinforce = .init()
    training.propensity = .init()
    let data = try JSONEncoder().encode(training)
    #expect(try JSONDecoder().decode(Seq2SlateTraining.self, from: data) == training)
  }

  @Test func keysAreThoseThatAreWritten() throws {
    var training = Seq2SlateTraining()
    training.reinforce = .init()
    training.propensity = .init()
    let written = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(training)) as? [String: Any])
    #expect(Set(written.keys) == Set(Seq2SlateTraining.keys))
    for section in Seq2SlateTraining.sections {
      let part = try #require(written[section.name] as? [String: Any])
      #expect(Set(part.keys) == Set(section.keys))
    }
  }

  struct Mistake: Sendable {
    let field: String
    let make: @Sendable (inout Seq2SlateTraining) -> Void

    init(_ field: String, _ make: @escaping @Sendable (inout Seq2SlateTraining) -> Void) {
      self.field = field
      self.make = make
    }
  }

  @Test(arguments: [
    Mistake("epochs") { $0.epochs = 0 },
    Mistake("patience") { $0.patience = 0 },
    Mistake("batch_size") { $0.batchSize = -1 },
    Mistake("steps") { $0.steps = 0 },
    Mistake("learning_rate") { $0.learningRate = .infinity },
    Mistake("weight_decay") { $0.weightDecay = -1 },
    Mistake("weight_decay") { $0.weightDecay = .infinity },
    Mistake("clip_norm") { $0.clipNorm = 0 },
    Mistake("model_share") { $0.modelShare = 1.5 },
    Mistake("annealing") { $0.annealing = .nan },
    Mistake("criterion") { $0.criterion = .loss },
    Mistake("input_order") { $0.inputOrder = .shuffled },
    Mistake("propensity.eta") { $0.propensity?.eta = -1 },
    Mistake("propensity.eta") { $0.propensity?.eta = .nan },
    Mistake("propensity.clip") { $0.propensity?.clip = 0.5 },
    Mistake("propensity.clip") { $0.propensity?.clip = .infinity },
    Mistake("reinforce.epochs") { $0.reinforce?.epochs = 0 },
    Mistake("reinforce.samples") { $0.reinforce?.samples = 0 },
    Mistake("reinforce.learning_rate") { $0.reinforce?.learningRate = 0 },
    Mistake("reinforce.critic_learning_rate") { $0.reinforce?.criticLearningRate = -1 },
    Mistake("reinforce.entropy") { $0.reinforce?.entropy = -0.1 },
    Mistake("reinforce.momentum") { $0.reinforce?.momentum = 1 },
  ])
  func whatIsOutOfRangeIsNamed(_ mistake: Mistake) throws {
    var training = Seq2SlateTraining()
    training.reinforce = .init()
    training.propensity = .init()
    #expect(throws: Never.self) { try training.validate() }
    mistake.make(&training)
    let error = #expect(throws: SlateError.self) { try training.validate() }
    guard case .configuration(mistake.field, _, _) = error else {
      Issue.record("\(mistake.field): \(String(describing: error))")
      return
    }
  }

  @Test func aShuffledListHoldsTheSameCandidates() throws {
    var fixtures = SlateFixtures(seed: 95)
    let visuals = fixtures.table()
    let list = fixtures.list(count: 9, visuals: visuals, clicked: 0.4, id: "some")
    let shuffled = try list.shuffled(seed: 3)
    #expect(try list.shuffled(seed: 3).ids == shuffled.ids)
    #expect(try list.shuffled(seed: 4).ids != shuffled.ids)
    #expect(shuffled.ids != list.ids && shuffled.ids.sorted() == list.ids.sorted())
    for (place, id) in shuffled.ids.enumerated() {
      let base = try #require(list.ids.firstIndex(of: id))
      #expect(shuffled.scores?[place] == list.scores?[base])
      #expect(shuffled.category(place) == list.category(base))
      #expect(shuffled.visualRows[place] == list.visualRows[base])
      #expect(shuffled.clicks?[place] == list.clicks?[base])
    }
    let empty = try SlateList(id: "none", ids: [])
    #expect(try empty.shuffled(seed: 1).count == 0)
  }
}
