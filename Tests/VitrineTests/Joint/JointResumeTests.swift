import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct JointResumeTests {
  private let shop: ColorShop
  private let files = FileManager.default

  init() throws { shop = try ColorShop(items: 20, rows: 150) }

  /// Keeps the checkpoint of the first epoch, which is what a stop in the second leaves behind, and
  /// goes on from it. Histories read the table of the epoch before, so that must come back too.
  @Test(arguments: [false, true])
  func aResumedTrainingHasTheSameBits(history: Bool) throws {
    let configuration = shop.configuration(epochs: 3, history: history)
    let (whole, stopped) = (shop.folder("whole"), shop.folder("stopped"))
    try shop.train(configuration, to: whole)
    try shop.train(configuration, to: stopped) { line in
      guard line.hasPrefix("epoch 1:") else { return }
      try? files.copyItem(atPath: stopped + ".checkpoint", toPath: shop.folder("kept"))
    }
    try files.removeItem(atPath: stopped)
    try files.moveItem(atPath: shop.folder("kept"), toPath: stopped + ".checkpoint")
    var lines: [String] = []
    try shop.train(configuration, to: stopped, resume: true) { lines.append($0) }
    #expect(lines.first { $0.hasPrefix("epoch") }?.hasPrefix("epoch 2:") == true, "\(lines)")
    for file in ["encoder/weights.safetensors", "ranker/weights.safetensors", "joint.json"] {
      #expect(
        files.contentsEqual(atPath: "\(whole)/\(file)", andPath: "\(stopped)/\(file)"), "\(file)")
    }
    let tables = try [whole, stopped].map { try VisualFeatures(cache: $0 + "/cache").table.vectors }
    #expect(tables[0] == tables[1])
  }

  @Test func anotherCourseIsRefused() throws {
    let output = shop.folder("course")
    try shop.train(shop.configuration(epochs: 1), to: output) { line in
      guard line.hasPrefix("epoch 1:") else { return }
      try? files.copyItem(atPath: output + ".checkpoint", toPath: shop.folder("other"))
    }
    try files.moveItem(atPath: shop.folder("other"), toPath: output + ".checkpoint")
    #expect(throws: (any Error).self) {
      try shop.train(
        shop.configuration(encoder: "attention: cbam, batch_norm: batch", epochs: 2), to: output,
        resume: true)
    }
    #expect(throws: (any Error).self) {
      try shop.train(
        shop.configuration(encoder: "attention: category, learning_rate_factor: 0.5", epochs: 2),
        to: output, resume: true)
    }
  }
}
