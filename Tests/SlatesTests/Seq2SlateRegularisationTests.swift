import Foundation
import NeuralNetworks
import RankingData
import Slates
import Tensors
import Testing

/// What keeps a model from learning few lists by heart.
@Suite struct Seq2SlateRegularisationTests {
  private static func configuration(dropout: Double) -> Seq2SlateConfiguration {
    Seq2SlateConfiguration(
      categories: SlateFixtures.categories, width: 8, cells: 12, dropout: dropout)
  }

  private let lists: [SlateList]

  init() {
    var fixtures = SlateFixtures(seed: 41)
    lists = (0..<24).map { fixtures.list(count: 3 + $0 % 5, clicked: 0.5, id: "\($0)") }
  }

  /// The same weights, with and without: alike where they serve, apart where they learn, and one
  /// seed drops the same.
  @Test func dropoutActsInTrainingOnly() throws {
    let dropped = try Seq2Slate(Self.configuration(dropout: 0.5), seed: 1)
    let plain = try Seq2Slate(Self.configuration(dropout: 0), seed: 1)
    let batch = try SlateBatch(lists, plain.features)
    func encodings(_ model: Seq2Slate, _ pass: Pass) -> [Scalar] {
      model.encode(batch, pass).encodings.scalars
    }
    #expect(encodings(dropped, .inference()) == encodings(plain, .inference()))
    for list in lists {
      #expect(try Seq2SlateDecoder(dropped).decode(list) == Seq2SlateDecoder(plain).decode(list))
    }
    let training = { (seed: UInt64) in
      encodings(dropped, Pass.training(seed: seed))
    }
    #expect(training(1) == training(1) && training(1) != training(2))
    let zeros = training(1).count { $0 == 0 }
    let share = Double(zeros) / Double(training(1).count)
    #expect(abs(share - 0.5) < 0.05, "half of the encodings are left out, \(share) were")
  }

  @Test func trainingWithDropoutIsDeterministic() throws {
    var training = Seq2SlateTraining()
    training.epochs = 3
    training.batchSize = 8
    func weights(dropout: Double) throws -> [[Scalar]] {
      let (model, _) = try training.train(
        Self.configuration(dropout: dropout), on: lists, validation: lists)
      return ParameterList(model).entries.map(\.parameter.value.scalars)
    }
    let first = try weights(dropout: 0.3)
    #expect(try weights(dropout: 0.3) == first)
    #expect(try weights(dropout: 0) != first)
  }

  /// Strong decay leaves smaller matrices, by the best epoch of each.
  @Test func weightDecayShrinksMatrices() throws {
    func norm(_ decay: Double) throws -> Double {
      var training = Seq2SlateTraining()
      (training.epochs, training.patience, training.batchSize) = (10, 10, 8)
      training.learningRate = 1e-2
      training.weightDecay = decay
      let (model, record) = try training.train(
        Self.configuration(dropout: 0), on: lists, validation: lists)
      #expect(record.epochs.count == 10)
      return ParameterList(model).entries
        .filter { $0.parameter.value.shape.rank > 1 }
        .reduce(0) { $0 + $1.parameter.value.scalars.reduce(0) { $0 + Double($1 * $1) } }
    }
    let (free, held) = (try norm(0), try norm(5))
    #expect(held < 0.9 * free, "\(held) is not well below \(free)")
  }

  @Test func dropoutOutOfRangeIsRefused() throws {
    for rate in [-0.1, 1, .nan] {
      #expect(throws: SlateError.self) {
        try Seq2Slate(Self.configuration(dropout: rate), seed: 1)
      }
    }
    #expect(Seq2SlateConfiguration.keys.contains("dropout"))
    let decoded = try JSONDecoder().decode(
      Seq2SlateConfiguration.self, from: Data(#"{"dropout": 0.25}"#.utf8))
    #expect(decoded.dropout == 0.25)
  }
}
