import FileSupport
import Foundation
import Tensors
import Testing
import VisualEncoder
import Vitrine

@Suite struct JointBundleTests {
  private let shop: ColorShop
  private let files = FileManager.default

  init() throws { shop = try ColorShop(items: 20, rows: 150) }

  @Test func partsOfTwoTrainingsAreRefused() throws {
    let (first, second) = (shop.folder("first"), shop.folder("second"))
    try shop.train(shop.configuration(epochs: 1), to: first)
    try shop.train(
      shop.configuration(encoder: "initial: 9, attention: none", epochs: 1), to: second)
    for part in ["ranker", "encoder"] {
      let mixed = try shop.folder.copy(first, as: "mixed-\(part)")
      try files.removeItem(atPath: "\(mixed)/\(part)")
      try files.copyItem(atPath: "\(second)/\(part)", toPath: "\(mixed)/\(part)")
      let error = #expect(throws: VitrineError.self) { try RequestRanker(model: mixed) }
      #expect(error?.problem.contains("\(mixed)/\(part)/") == true, "\(String(describing: error))")
    }
    let mixed = try shop.folder.copy(first, as: "mixed-cache")
    try files.removeItem(atPath: mixed + "/cache")
    try files.copyItem(atPath: second + "/cache", toPath: mixed + "/cache")
    #expect(throws: RankerError.self) { try RequestRanker(model: mixed) }
    #expect(throws: RankerError.self) { try RequestRanker(model: first, cache: second + "/cache") }
    #expect(throws: Never.self) { try RequestRanker(model: first) }
  }

  @Test func trainingStartsFromABundle() throws {
    let first = shop.folder("pretrained")
    try shop.train(shop.configuration(epochs: 1), to: first)
    for attention in Attention.allCases {
      var lines: [String] = []
      let output = shop.folder("from-\(attention)")
      try shop.train(
        shop.configuration(
          encoder: "initial: pretrained/encoder, attention: \(attention)", epochs: 1),
        to: output
      ) { lines.append($0) }
      #expect(lines.first?.contains("batch norm frozen") == true, "\(lines)")
      #expect(lines.contains { $0.contains("left out") } == (attention != .category), "\(lines)")
      let encoder = try EncoderBundle.load(output + "/encoder")
      #expect(encoder.configuration.attention == attention)
      #expect(encoder.configuration.categories == (attention == .category ? ["a", "b"] : []))
    }
  }

  @Test func newCategoriesShareTheReservedCode() throws {
    let first = shop.folder("pretrained")
    try shop.train(shop.configuration(epochs: 1), to: first)
    let bundle = try EncoderBundle.load(first + "/encoder")
    var wanted = bundle.configuration
    wanted.categories = ["c", "b"]
    let start = try InitialEncoder(bundle, as: wanted, path: first)
    let (name, width) = ("layer2.0.gate.channel.code", wanted.channelCodeWidth)
    let old = try #require(bundle.weights.tensors[name]).floats
    let new = try #require(start.weights.tensors[name]).floats
    #expect(Array(new[..<width]) == Array(old[..<width]))
    #expect(Array(new[width..<2 * width]) == Array(old[..<width]), "c is new")
    #expect(Array(new[(2 * width)...]) == Array(old[(2 * width)...]), "b is b")
  }

  @Test(arguments: [
    ("batch_size: 3, epochs", "images_per_batch"), ("optimizer: adagrad, epochs", "adam"),
    ("epohcs: 3, epochs", "epochs"),
  ])
  func aBadTrainingIsRefused(replacement: String, hint: String) throws {
    let text = shop.configuration().replacingOccurrences(of: "epochs", with: replacement)
    let error = #expect(throws: RankingDataError.self) { try shop.file(text) }
    #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let configuration = shop.configuration()
    for (old, new) in [
      ("items: true", "items: false"), ("kind: deepfm, width: 4, hidden: [8]", "kind: seq2slate"),
      ("attention: category", "attention: categories"), ("batch_norm: batch", "batch_norm: off"),
      ("images_per_batch: 16", "images_per_batch: 0"), ("objective: clicks", "objective: sales"),
    ] {
      let text = configuration.replacingOccurrences(of: old, with: new)
      #expect(text != configuration)
      #expect(throws: RankingDataError.self, "\(new)") { try shop.file(text) }
    }
    let network = shop.configuration(encoder: "initial: nowhere")
    #expect(throws: VisualEncoderError.self) { try shop.train(network) }
  }
}
