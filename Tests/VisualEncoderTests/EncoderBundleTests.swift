import FileSupport
import Foundation
import Images
import Tensors
import Testing
import VisualEncoder

@Suite struct EncoderBundleTests {
  private let folder: TemporaryFolder
  private let configuration = EncoderConfiguration(
    architecture: .resnet18, attention: .category, categories: ["dress", "hat"],
    preprocessing: Preprocessing(resize: 235, crop: 224, interpolation: .bicubic))

  init() throws { folder = try TemporaryFolder() }

  private func create() throws -> EncoderBundle {
    try EncoderBundle.create(
      at: folder("enc"), configuration: configuration,
      weights: EncoderWeights(
        ReferenceWeights.state(configuration), for: configuration, path: "x"),
      training: "none")
  }

  @Test func roundTrip() throws {
    let written = try create()
    let read = try EncoderBundle.load(folder("enc"))
    #expect(read.configuration == configuration)
    #expect(read.weights.tensors == written.weights.tensors)
    #expect(read.hash == written.hash)
    #expect(read.training == "none")
    #expect(try names(in: folder.path) == ["enc"])
    #expect(throws: VisualEncoderError.self, "a bundle is never overwritten") { try create() }
  }

  @Test func theHashTellsEncodersApart() throws {
    let state = ReferenceWeights.state(configuration)
    var renamed = configuration
    renamed.categories = ["hat", "dress"]
    let one = try create()
    let two = try EncoderBundle.create(
      at: folder("two"), configuration: renamed,
      weights: EncoderWeights(state, for: renamed, path: "x"))
    #expect(one.hash != two.hash)
  }

  @Test func damageIsNoticed() throws {
    _ = try create()
    let weights = URL(fileURLWithPath: folder("enc/weights.safetensors"))
    let good = try Data(contentsOf: weights)
    for place in [0, 20, good.count / 2, good.count - 1] {
      var bad = good
      bad[place] ^= 1
      try bad.write(to: weights)
      let error = #expect(throws: VisualEncoderError.self) {
        try EncoderBundle.load(folder("enc"))
      }
      #expect(error?.code == .hashMismatch)
    }
    try good.dropLast(7).write(to: weights)
    #expect(throws: VisualEncoderError.self) { try EncoderBundle.load(folder("enc")) }
    try FileManager.default.removeItem(at: weights)
    let missing = #expect(throws: VisualEncoderError.self) {
      try EncoderBundle.load(folder("enc"))
    }
    #expect(missing?.code == .unreadable)
  }

  @Test(arguments: [
    "", "{}", "[]", "{\"format\": \"vitrine-encoder\", \"version\": 2}",
  ])
  func badManifestsAreErrors(_ text: String) throws {
    _ = try create()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("enc/encoder.json")))
    #expect(throws: VisualEncoderError.self) { try EncoderBundle.load(folder("enc")) }
  }

  @Test(arguments: [
    EncoderConfiguration(architecture: .resnet18, attention: .category),
    EncoderConfiguration(architecture: .resnet18, categories: ["a"]),
    EncoderConfiguration(architecture: .resnet18, attention: .category, categories: ["a", "a"]),
    EncoderConfiguration(
      architecture: .resnet18, preprocessing: Preprocessing(resize: 16, crop: 16)),
  ])
  func impossibleConfigurationsAreRefused(_ configuration: EncoderConfiguration) {
    let error = #expect(throws: VisualEncoderError.self) {
      try WeightImport(tensors: [:], for: configuration, path: "x")
    }
    #expect(error?.code == .invalidConfiguration)
  }
}
