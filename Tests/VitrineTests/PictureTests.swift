import FileSupport
import Foundation
import Testing
import Vitrine

/// What the network sees, as pictures and as arrays.
@Suite struct PictureTests {
  private let folder: TemporaryFolder
  private let photos =
    (SmallShop.catalogue as NSString).deletingLastPathComponent + "/photos"
  private static let preprocessing = Preprocessing(resize: 40, crop: 32)

  init() throws { folder = try TemporaryFolder() }

  private func encoder(_ attention: Attention) throws -> String {
    _ = try EncoderImport.run(
      architecture: .resnet18, attention: attention, categories: nil, source: .random(seed: 5),
      preprocessing: Self.preprocessing, output: folder("encoder"))
    return folder("encoder")
  }

  /// Height, width and pixels of a stage of an image.
  private func pixels(
    _ image: String, _ stage: PreprocessingStage
  ) throws -> (height: Int, width: Int, bytes: [UInt8]) {
    let written = try ImagePreview.write(
      image: image, stage: stage, preprocessing: Self.preprocessing, to: folder("x.npy"))
    let data = try Data(contentsOf: URL(fileURLWithPath: folder("x.npy")))
    return (
      written.shape[0], written.shape[1], [UInt8](data.suffix(written.shape.reduce(1, *)))
    )
  }

  private func tile(
    _ sheet: (height: Int, width: Int, bytes: [UInt8]), _ row: Int, _ column: Int
  ) -> [UInt8] {
    (0..<32).flatMap { y in
      let start = ((4 + row * 36 + y) * sheet.width + 4 + column * 36) * 3
      return sheet.bytes[start..<start + 96]
    }
  }

  @Test func aSheetShowsTheCropsOfImagesSpreadOverTheInput() throws {
    let all = try names(in: photos)
    let count = try EncoderPictures.sheet(
      encoder: try encoder(.none), input: photos, count: 10, to: folder("sheet.png"))
    #expect(count == 10)
    let sheet = try pixels(folder("sheet.png"), .decoded)
    #expect(sheet.width == 8 * 36 + 4 && sheet.height == 2 * 36 + 4)
    for index in 0..<10 {
      let photo = "\(photos)/\(all[index * all.count / 10])"
      #expect(tile(sheet, index / 8, index % 8) == (try pixels(photo, .cropped)).bytes)
    }
  }

  @Test func imagesThatCannotBeReadLeaveNoGap() throws {
    for name in ["hat-001.jpg", "hat-003.jpg"] {
      _ = try folder.write(Data(), to: "in/\(name).png")
      try FileManager.default.copyItem(atPath: "\(photos)/\(name)", toPath: folder("in/\(name)"))
    }
    let encoder = try encoder(.none)
    #expect(
      try EncoderPictures.sheet(encoder: encoder, input: folder("in"), to: folder("x.png")) == 2)
    try folder.write("text", to: "bad/a.jpg")
    #expect(throws: VisualEncoderError.self) {
      try EncoderPictures.sheet(encoder: encoder, input: folder("bad"), to: folder("y.png"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("y.png")))
  }

  @Test func aHeatmapNamesItsRowsAndColumns() throws {
    let drawn = try EncoderPictures.heatmap(
      encoder: try encoder(.cbam), input: photos, count: 3, to: folder("map.png"))
    let all = try names(in: photos).map { ($0 as NSString).deletingPathExtension }
    #expect(drawn.images == (0..<3).map { all[$0 * all.count / 3] })
    #expect(drawn.blocks.map(\.name) == ["layer1.1", "layer2.1", "layer3.1", "layer4.1"])
    // Imported gates are half open until they are trained.
    #expect(drawn.blocks.allSatisfy { $0.gates == 0.5...0.5 })
    let sheet = try pixels(folder("map.png"), .decoded)
    #expect(sheet.width == 5 * 36 + 4 && sheet.height == 3 * 36 + 4)
    let photo = try pixels("\(photos)/\(drawn.images[2]).jpg", .cropped)
    #expect(tile(sheet, 2, 0) == photo.bytes)
  }

  @Test func aBadImageAmongSeveralCostsOnlyItself() throws {
    try folder.write("text", to: "bad.jpg")
    let good = ["\(photos)/hat-001.jpg", "\(photos)/hat-002.jpg"]
    let summary = try ImagePreview.write(
      images: [good[0], folder("bad.jpg"), folder("none.png"), good[1]], stage: .cropped,
      preprocessing: Self.preprocessing, folder: folder("out/deep"))
    #expect(summary.written.map(\.image) == good)
    #expect(summary.failed.map(\.reason) == ["unsupported-format", "unreadable"])
    #expect(try names(in: folder("out/deep")) == ["hat-001.npy", "hat-002.npy"])
    for (image, written) in zip(good, summary.written) {
      #expect(written.shape == [32, 32, 3])
      let data = try Data(contentsOf: URL(fileURLWithPath: written.output))
      #expect([UInt8](data.suffix(32 * 32 * 3)) == (try pixels(image, .cropped)).bytes)
    }
  }

  @Test func equalNamesAndFilesInTheWayAreRefusedFirst() throws {
    let photo = "\(photos)/hat-001.jpg"
    let copy = try folder.copy(photo, as: "hat-001.png")
    let clash = #expect(throws: ImagePreviewError.self) {
      try ImagePreview.write(
        images: [photo, copy], stage: .resized, preprocessing: Self.preprocessing,
        folder: folder("out"))
    }
    #expect(clash?.description.contains(copy) == true)
    #expect(!FileManager.default.fileExists(atPath: folder("out")))
    try folder.write("mine", to: "file")
    let taken = #expect(throws: ImagePreviewError.self) {
      try ImagePreview.write(
        images: [photo], stage: .resized, preprocessing: Self.preprocessing,
        folder: folder("file"))
    }
    #expect(taken?.description.contains("there is a file of that name") == true)
    #expect(try text(of: folder("file")) == "mine")
  }
}
