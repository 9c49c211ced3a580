import FileSupport
import Images
import Tensors
import Testing
import VisualEncoder

@Suite struct AttentionSheetTests {
  private static let side = 32

  private func configuration(
    _ attention: Attention, _ architecture: Architecture = .resnet18
  ) -> EncoderConfiguration {
    EncoderConfiguration(
      architecture: architecture, attention: attention,
      categories: attention == .category ? ["dress", "hat"] : [],
      preprocessing: Preprocessing(resize: 40, crop: Self.side))
  }

  private func sample(
    _ bundle: EncoderBundle, _ items: [ExtractionItem]
  ) throws -> ImageSample {
    try ImageSample(items, count: items.count, for: bundle, path: "list.csv")
  }

  private func photos(_ count: Int, category: String? = nil) -> [ExtractionItem] {
    ExtractionTests.photos.prefix(count).enumerated().map {
      ExtractionItem(id: "\($0)", path: $1, category: category)
    }
  }

  private func decoded(_ bytes: [UInt8]) throws -> RGBImage {
    try ImageDecoder().decode(bytes.span.bytes)
  }

  private func tile(_ sheet: RGBImage, row: Int, column: Int) -> [UInt8] {
    let (left, top) = (4 + column * (Self.side + 4), 4 + row * (Self.side + 4))
    return (0..<Self.side).flatMap { y in
      let start = ((top + y) * sheet.width + left) * 3
      return sheet.pixels[start..<start + Self.side * 3]
    }
  }

  /// More images than a batch holds, so that maps of two batches must find their rows.
  @Test func aRowForEachImageAndAColumnForEachStage() throws {
    let bundle = try ReferenceWeights.bundle(configuration(.cbam))
    let sheet = try AttentionSheet(bundle, path: "encoder")
    #expect(sheet.blocks == ["layer1.1", "layer2.1", "layer3.1", "layer4.1"])
    let sample = try sample(bundle, photos(6))
    let (bytes, ranges) = try sheet.png(sample)
    let image = try decoded(bytes)
    #expect(image.width == 5 * (Self.side + 4) + 4 && image.height == 6 * (Self.side + 4) + 4)
    #expect(ranges.count == 4)
    #expect(ranges.allSatisfy { $0.lowerBound > 0 && $0.upperBound < 1 })
    #expect(ranges.allSatisfy { $0.lowerBound < $0.upperBound })
    for row in 0..<6 {
      #expect(tile(image, row: row, column: 0) == sample.images[row])
      for column in 1...4 {
        #expect(tile(image, row: row, column: column) != sample.images[row])
      }
    }

    // An image alone has the row that it has in company.
    let last = try self.sample(bundle, [photos(6)[5]])
    let lonely = try decoded(sheet.png(last).bytes)
    for column in 0...4 {
      #expect(tile(lonely, row: 0, column: column) == tile(image, row: 5, column: column))
    }
  }

  @Test func theLastBlockOfEachStageIsShown() throws {
    let configuration = configuration(.cbam, .resnet50)
    let bundle = EncoderBundle(
      configuration: configuration, weights: try EncoderWeights(random: 1, for: configuration))
    #expect(
      try AttentionSheet(bundle, path: "encoder").blocks
        == ["layer1.2", "layer2.3", "layer3.5", "layer4.2"])
  }

  @Test func categoriesShow() throws {
    let bundle = try ReferenceWeights.bundle(configuration(.category))
    let sheet = try AttentionSheet(bundle, path: "encoder")
    let sample = try sample(bundle, photos(1, category: "dress") + photos(1, category: "hat"))
    let image = try decoded(sheet.png(sample).bytes)
    #expect(tile(image, row: 0, column: 0) == tile(image, row: 1, column: 0))
    #expect(tile(image, row: 0, column: 1) != tile(image, row: 1, column: 1))
  }

  /// As an import initialises them: half open everywhere, which the sheet shows as one green.
  @Test func gatesWithoutTrainingAreConstant() throws {
    let configuration = configuration(.cbam)
    let bundle = EncoderBundle(
      configuration: configuration, weights: try EncoderWeights(random: 1, for: configuration))
    let sample = try sample(bundle, photos(1))
    let (bytes, ranges) = try AttentionSheet(bundle, path: "encoder").png(sample)
    #expect(ranges == [Float](repeating: 0.5, count: 4).map { $0...$0 })
    let image = try decoded(bytes)
    let flat = Heatmap([0.5], height: 1, width: 1)
      .overlay(on: sample.images[0], side: Self.side)
    for column in 1...4 { #expect(tile(image, row: 0, column: column) == flat) }
  }

  /// Finite weights can still overflow on their way.
  @Test func gatesThatAreNoNumbersAreDrawn() throws {
    var state = ReferenceWeights.state(configuration(.cbam))
    for (name, tensor) in state where name.hasSuffix("bn2.weight") {
      state[name] = StoredTensor(
        shape: tensor.shape, floats: tensor.floats.map { $0 * 1e30 })
    }
    let bundle = EncoderBundle(
      configuration: configuration(.cbam),
      weights: try EncoderWeights(state, for: configuration(.cbam), path: "test"))
    let (bytes, ranges) = try AttentionSheet(bundle, path: "encoder")
      .png(try sample(bundle, photos(1)))
    #expect(!bytes.isEmpty && ranges.count == 4)
  }

  @Test func anEncoderWithoutGatesIsRefused() throws {
    let bundle = try ReferenceWeights.bundle(configuration(.none))
    let error = #expect(throws: VisualEncoderError.self) {
      try AttentionSheet(bundle, path: "encoder")
    }
    #expect(error?.code == .invalidConfiguration && error?.path == "encoder")
    #expect(error?.description.contains("--attention") == true)
  }
}
