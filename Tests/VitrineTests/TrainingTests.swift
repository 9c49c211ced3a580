import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct TrainingTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  /// Keeps the checkpoint of the first epoch, which is what a stop in the second leaves behind, and
  /// goes on from it.
  private func compareResumed(_ configuration: String) throws {
    let files = FileManager.default
    let checkpoint = folder("model.checkpoint")
    _ = try shop.train(configuration, output: folder("whole"))
    _ = try shop.train(configuration, output: folder("model")) { line in
      guard line.hasPrefix("epoch 1:") else { return }
      try? files.copyItem(atPath: checkpoint, toPath: folder("kept"))
    }
    #expect(!files.fileExists(atPath: checkpoint), "a training that ended needs no checkpoint")
    try files.removeItem(atPath: folder("model"))
    try files.moveItem(atPath: folder("kept"), toPath: checkpoint)

    var lines: [String] = []
    _ = try shop.train(configuration, output: folder("model"), resume: true) { lines.append($0) }
    let epochs = lines.filter { $0.hasPrefix("epoch") }
    #expect(epochs.first?.hasPrefix("epoch 2:") == true, "\(lines)")
    #expect(try names(in: folder("model")) == names(in: folder("whole")))
    for name in try names(in: folder("whole")) {
      #expect(
        files.contentsEqual(atPath: folder("whole/\(name)"), andPath: folder("model/\(name)")),
        "\(name)")
    }
  }

  @Test func aResumedRankerHasTheSameBits() throws {
    try compareResumed(shop.configuration(visual: true))
  }

  @Test func aResumedSlateModelHasTheSameBits() throws {
    try compareResumed(shop.slateConfiguration(base: shop.visual))
  }

  /// More epochs are the same course, another learning rate is not.
  @Test func aCheckpointOfAnotherCourseIsRefused() throws {
    func configuration(_ training: String) -> String {
      shop.configuration(visual: false, training: "{batch_size: 256, patience: 9, \(training)}")
    }
    let checkpoint = folder("model.checkpoint")
    _ = try shop.train(configuration("epochs: 2"), output: folder("model")) { _ in
      try? FileManager.default.removeItem(atPath: folder("kept"))
      try? FileManager.default.copyItem(atPath: checkpoint, toPath: folder("kept"))
    }
    try FileManager.default.copyItem(atPath: folder("kept"), toPath: checkpoint)
    #expect(throws: (any Error).self) {
      try shop.train(
        configuration("epochs: 2, learning_rate: 0.002"), output: folder("model"), resume: true)
    }
    #expect(FileManager.default.fileExists(atPath: checkpoint))
    let longer = try shop.train(
      configuration("epochs: 3"), output: folder("model"), resume: true)
    #expect(longer.record.epochs.count == 3)
  }

  @Test func aDamagedCheckpointIsRefusedAndTheModelStays() throws {
    let model = try folder.copy(shop.plain, as: "model")
    try folder.write("not a checkpoint", to: "model.checkpoint")
    #expect(throws: (any Error).self) {
      try shop.train(shop.configuration(visual: false), output: model, resume: true)
    }
    #expect(throws: Never.self) { try RankerBundle(path: model) }
  }

  @Test func visualFeaturesNeedACache() throws {
    let without = shop.configuration(visual: true).split(separator: "\n")
      .filter { !$0.hasPrefix("cache:") }.joined(separator: "\n")
    let error = #expect(throws: VitrineError.self) {
      try shop.train(without, output: folder("model"))
    }
    #expect(error?.description.contains("--cache") == true)
  }
}
