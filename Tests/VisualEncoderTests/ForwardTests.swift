import Foundation
import Images
import Tensors
import Testing
import VisualEncoder

/// Features against PyTorch's, from `tools/reference/encoder.py`.
@Suite struct ForwardTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let golden: String
    let architecture: Architecture
    var attention = Attention.none
    var rows = [0, 0, 0]
    var side = 224
    var tolerance: Float = 1e-5
    var testDescription: String { golden }
  }

  @Test(arguments: [
    Case(golden: "resnet18", architecture: .resnet18),
    Case(golden: "resnet34", architecture: .resnet34),
    Case(golden: "resnet50", architecture: .resnet50),
    Case(golden: "resnet18-cbam", architecture: .resnet18, attention: .cbam),
    // These random gates amplify rounding: PyTorch itself is 6e-5 away from double precision.
    Case(
      golden: "resnet50-cbam", architecture: .resnet50, attention: .cbam, tolerance: 5e-4),
    Case(
      golden: "resnet18-category", architecture: .resnet18, attention: .category, rows: [0, 1, 3]),
    Case(
      golden: "resnet18-category-97", architecture: .resnet18, attention: .category,
      rows: [2, 0], side: 97),
  ])
  func agreesWithPyTorch(_ sample: Case) throws {
    var configuration = EncoderConfiguration(
      architecture: sample.architecture, attention: sample.attention,
      categories: sample.attention == .category ? ["a", "b", "c"] : [])
    configuration.preprocessing = Preprocessing(resize: 256, crop: sample.side)
    let bundle = try ReferenceWeights.bundle(configuration)
    let expected = try Golden.features(sample.golden)
    let images = sample.rows.indices.map { Golden.image($0, side: sample.side) }
    let workspace = InferenceWorkspace(InferencePlan(bundle, batch: 2))
    let actual = workspace.features(images, rows: sample.rows)
    let error = relativeError(actual, expected)
    #expect(error < sample.tolerance, "\(error)")
  }

  @Test func anImageDoesNotSeeItsBatch() throws {
    let configuration = EncoderConfiguration(
      architecture: .resnet18, attention: .category, categories: ["a"],
      preprocessing: Preprocessing(resize: 96, crop: 64))
    let plan = InferencePlan(try ReferenceWeights.bundle(configuration), batch: 4)
    let images = (0..<4).map { Golden.image($0, side: 64) }
    let workspace = InferenceWorkspace(plan)
    let together = workspace.features(images, rows: [0, 1, 0, 1])
    for shift in 1..<4 {
      let order = (0..<4).map { ($0 + shift) % 4 }
      let features = InferenceWorkspace(plan).features(
        order.map { images[$0] }, rows: order.map { $0 % 2 })
      #expect(features == order.map { together[$0] })
    }
    #expect(workspace.features([images[1]], rows: [1]) == [together[1]], "an unfinished batch")
  }
}

/// The whole path from JPEG bytes, against Pillow, torchvision and PyTorch.
@Suite struct PhotoTests {
  @Test(.enabled(if: Golden.photos != nil, "the clothing photos' test folder is not here"))
  func photosAgreeWithTorchvision() throws {
    let names = try String(
      contentsOf: Golden.folder.appendingPathComponent("clothing.txt"), encoding: .utf8
    ).split(separator: "\n")
    let configuration = EncoderConfiguration(architecture: .resnet18)
    let plan = InferencePlan(try ReferenceWeights.bundle(configuration), batch: 4)
    let preprocessing = PreprocessingWorkspace(configuration.preprocessing)
    let images = try names.map { name in
      var pixels = [UInt8](repeating: 0, count: 3 * 224 * 224)
      let bytes = try ImageFile.read("\(Golden.photos ?? "")/\(name)")
      try pixels.withUnsafeMutableBufferPointer { buffer in
        _ = try preprocessing.crop(bytes.span.bytes, into: buffer)
      }
      return pixels
    }
    let features = InferenceWorkspace(plan).features(
      images, rows: [Int](repeating: 0, count: images.count))
    let error = relativeError(features, try Golden.features("clothing"))
    #expect(error < 1e-5, "\(error)")
  }
}
