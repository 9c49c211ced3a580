import FileSupport
import Foundation
import Images
import Vitrine

/// A shop in which only the colour of an item's picture decides whether it is clicked: red ones are,
/// blue ones are not. Ids tell nothing, since the items that are judged were never shown before.
struct ColorShop {
  let folder: TemporaryFolder

  var output: String { folder("joint") }
  var checkpoint: String { folder("joint.checkpoint") }

  /// - Parameters:
  ///   - items: items with a picture; one more has none.
  ///   - rows: impressions, of which the last third shows the last third of the items only.
  init(items: Int = 60, rows: Int = 600) throws {
    folder = try TemporaryFolder()
    var catalogue = "id,path,category\n"
    var random = UInt64(7)
    func next(_ bound: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % bound
    }
    for item in 0..<items {
      // The first two show the same file in two categories, the third the same in the first's.
      let picture = item < 3 ? 0 : item
      try folder.write(
        Self.picture(isRed: Self.isRed(item), noise: picture), to: "p/\(picture).png")
      catalogue += "i\(item),p/\(picture).png,\(item == 1 ? "b" : "a")\n"
    }
    catalogue += "bare,,a\n"
    try folder.write(catalogue, to: "catalogue.csv")

    var log = "request,user,item,timestamp,click\n"
    for row in 0..<rows {
      let known = items * 2 / 3
      let item = row < rows * 2 / 3 ? next(known) : known + next(items - known)
      let id = row % 50 == 0 ? "bare" : "i\(item)"
      log += "r\(row / 3),u\(row / 3 % 9),\(id),\(1000 + row / 3),\(Self.isRed(item) ? 1 : 0)\n"
    }
    try folder.write(log, to: "impressions.csv")
  }

  static func isRed(_ item: Int) -> Bool { item < 3 || item % 2 == 0 }

  /// 32 x 32 pixels of one colour with some noise.
  private static func picture(isRed: Bool, noise: Int) throws -> [UInt8] {
    var state = UInt64(noise + 1)
    let pixels = (0..<32 * 32 * 3).map { index -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let wanted = isRed ? 0 : 2
      return UInt8((index % 3 == wanted ? 150 : 60) + Int(state >> 59))
    }
    return try PNGImage.encode(RGBImage(width: 32, height: 32, pixels: pixels))
  }

  func configuration(
    encoder: String = "attention: category, batch_norm: batch", epochs: Int = 4,
    history: Bool = false, storage: String = "float32"
  ) -> String {
    """
    objective: clicks
    encoder:
      {\(encoder), preprocessing: {resize: 32, crop: 32, crop_mode: squash}}
    images_per_batch: 16
    samples_per_image: 6
    storage: \(storage)
    model: {kind: deepfm, width: 4, hidden: [8]}
    data: {impressions: "\(folder("impressions.csv"))", catalogue: "\(folder("catalogue.csv"))",
           split: {validation: 0.33, test: 0.01}}
    schema:
      categorical: [user]
      visual: {items: true, history: \(history)}
    training: {epochs: \(epochs), patience: 9, learning_rate: 0.003, seed: 3}
    """
  }

  func file(_ configuration: String) throws -> JointTrainingFile {
    try JointTrainingFile(path: folder.write(configuration, to: "joint.yaml"))
  }

  @discardableResult
  func train(
    _ configuration: String, to output: String? = nil, resume: Bool = false,
    say: (String) -> Void = { _ in }
  ) throws -> JointTraining.Summary {
    let output = output ?? self.output
    return try JointTraining(file(configuration)).run(
      output: output, checkpoint: output + ".checkpoint", resume: resume, say: say)
  }
}
