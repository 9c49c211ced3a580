import FileSupport
import Foundation
import Vitrine

/// The whole path once, small: simulated visits to the shipped shop, features from tiny images, a
/// ranker without and one with them, a slate model, and what they answer.
struct SmallShop: Sendable {
  static let shared = Result { try SmallShop() }

  let folder: TemporaryFolder
  var data: String { folder("data") }
  var impressions: String { folder("data/impressions.csv") }
  var encoder: String { folder("encoder") }
  var cache: String { folder("cache") }
  var plain: String { folder("plain") }
  var visual: String { folder("visual") }
  var slate: String { folder("slate") }
  var requests: String { folder("requests.jsonl") }
  var ranked: String { folder("ranked.jsonl") }

  static let catalogue = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../assets/clothing/catalogue.csv").standardized.path

  private init() throws {
    folder = try TemporaryFolder()
    var simulation = SimulationConfiguration()
    (simulation.users, simulation.sessions) = (60, 600)
    try ShopSimulation.run(
      catalogue: Self.catalogue, configuration: simulation, seed: 3, output: data)
    _ = try EncoderImport.run(
      architecture: .resnet18, attention: .none, categories: nil, source: .random(seed: 5),
      preprocessing: Preprocessing(resize: 40, crop: 32), output: encoder)
    _ = try FeatureExtraction(input: Self.catalogue, encoder: encoder, cache: cache).run()

    for (output, configuration) in [
      (plain, configuration(visual: false)), (visual, configuration(visual: true)),
    ] {
      _ = try train(configuration, output: output)
    }
    _ = try train(slateConfiguration(base: visual), output: slate)
    _ = try RequestFile.write(file(configuration(visual: true)), part: .test, to: requests)
    _ = try RequestStream.rank(
      requests, with: RequestRanker(model: visual, cache: cache), output: ranked)
  }

  /// A ranker's training file.
  func configuration(
    visual: Bool, model: String = "{kind: deepfm, width: 4, hidden: [8], dropout: 0.1}",
    training: String = "{epochs: 3, batch_size: 256, learning_rate: 0.003, seed: 2}"
  ) -> String {
    """
    model: \(model)
    data: {impressions: "\(impressions)", catalogue: "\(Self.catalogue)",
           split: {validation: 0.3, test: 0.2}}
    cache: "\(cache)"
    schema:
      categorical: [user, {name: item, minimum_count: 5}, category, device]
      multi_valued: [{name: history, limit: 20}]
      numeric: [{name: price, transform: log}]
      visual: {items: \(visual), history: \(visual)}
    training: \(training)
    """
  }

  func slateConfiguration(
    base: String, training: String = "{epochs: 3, patience: 3, steps: 5, seed: 4}"
  ) -> String {
    """
    model: {kind: seq2slate, width: 8, cells: 8, visual_width: 4}
    data: {impressions: "\(impressions)", catalogue: "\(Self.catalogue)",
           split: {validation: 0.3, test: 0.2}}
    cache: "\(cache)"
    base: "\(base)"
    training: \(training)
    """
  }

  /// Parses a configuration.
  func file(_ configuration: String) throws -> TrainingFile {
    let folder = try TemporaryFolder()
    return try TrainingFile(path: folder.write(configuration, to: "training.yaml"))
  }

  func train(
    _ configuration: String, output: String, resume: Bool = false, say: (String) -> Void = { _ in }
  ) throws -> TrainingSummary {
    try ModelTraining(file(configuration)).run(
      output: output, checkpoint: output + ".checkpoint", resume: resume, say: say)
  }

  func read<Line: JSONLine>(_ type: Line.Type, _ path: String) throws -> [Line] {
    var reader = try JSONLinesReader<Line>(path: path)
    return try reader.readAll()
  }
}
