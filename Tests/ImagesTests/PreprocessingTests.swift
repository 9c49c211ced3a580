import Foundation
import Images
import Testing

@Suite("Preprocessing agrees with torchvision on PIL images")
struct PreprocessingTests {
  @Test(arguments: Golden.all.fixtures.filter { $0.stages != nil })
  func fixtures(_ fixture: Golden.Fixture) throws {
    let bytes = try Golden.bytes(of: fixture.file)
    try compare(bytes, try #require(fixture.stages), resize: 256, crop: 224, fixture.file)
    // A crop that is larger than the resized image is filled.
    try compare(bytes, try #require(fixture.wide), resize: 33, crop: 50, fixture.file)
  }

  @Test(
    "32 photos, three crop modes, two kernels",
    .enabled(if: Golden.has("clothing"), "../shared/data/clothing is absent"))
  func photos() throws {
    for photo in Golden.all.photos {
      let bytes = try Golden.bytes(of: photo)
      try compare(bytes, photo.stages, resize: 256, crop: 224, photo.file)
    }
  }

  private func compare(
    _ bytes: [UInt8], _ stages: [String: Golden.Stages], resize: Int, crop: Int, _ name: String
  ) throws {
    #expect(stages.count == 6)
    for (key, golden) in stages {
      let words = key.split(separator: "/").map(String.init)
      let mode = try #require(CropMode(rawValue: words[0]))
      let kernel = try #require(Interpolation(rawValue: words[1]))
      let parameters = Preprocessing(
        resize: resize, crop: crop, interpolation: kernel, cropMode: mode)
      let label = "\(name) \(key)"

      let resized = try #require(try parameters.pixels(bytes, .resized))
      #expect(resized.summary == golden.resized.summary, "\(label) resized")
      let cropped = try #require(try parameters.pixels(bytes, .cropped))
      #expect(sha256(cropped.pixels) == golden.cropped, "\(label) cropped")
      let planes = sha256(try parameters.planes(bytes))
      #expect(planes == golden.normalized, "\(label) normalized")

      let workspace = PreprocessingWorkspace(parameters)
      var output = [Float](repeating: .nan, count: parameters.count)
      for _ in 0..<2 {  // The second time in used memory.
        let header = try output.withUnsafeMutableBufferPointer {
          try workspace.normalize(bytes.span.bytes, into: $0)
        }
        #expect(header.width > 0)
        #expect(sha256(output) == golden.normalized, "\(label) workspace")
      }
    }
  }

  /// Computed or looked up, whatever the place in a vector: the bits of the table, of all bytes.
  @Test(arguments: [
    Normalization.imageNet,
    Normalization(mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5]),
    Normalization(
      mean: [0.48145466, 0.4578275, 0.40821073],
      standardDeviation: [0.26862954, 0.26130258, 0.27577711]),
    Normalization(mean: [0, 0, 0], standardDeviation: [1, 1, 1]),
    Normalization(mean: [0, 1, 7], standardDeviation: [1e-30, 1e30, 3]),
  ])
  func planesHaveTheBitsOfTheTable(_ normalization: Normalization) {
    let conversion = PlaneConversion(normalization)
    let table = normalization.table
    for count in [256, 255, 7, 1, 0] {
      for shift in 0..<2 {
        let pixels = (0..<count).flatMap { i in (0..<3).map { UInt8((i + shift * 83 * $0) % 256) } }
        var planes = [Float](repeating: .nan, count: pixels.count)
        pixels.withUnsafeBufferPointer { pixels in
          planes.withUnsafeMutableBufferPointer { conversion.run(pixels, into: $0) }
        }
        let isExact = (0..<pixels.count).allSatisfy { i in
          let expected = table[i % 3 * 256 + Int(pixels[i])]
          return planes[i % 3 * count + i / 3].bitPattern == expected.bitPattern
        }
        #expect(isExact, "\(count) pixels")
      }
    }
  }

  /// Weights are kept for a few sizes and made again for others; the pixels never depend on it.
  @Test func manySizesInOneWorkspace() throws {
    let value = Preprocessing(resize: 24, crop: 20, interpolation: .bicubic)
    let workspace = PreprocessingWorkspace(value)
    var pixels = [UInt8](repeating: 0, count: value.count)
    for round in 0..<3 {
      for width in 20..<50 {
        let image = RGBImage.noise(width, 60 - width / 2, seed: UInt32(round))
        let bytes = try PNGImage.encode(image, level: 1)
        _ = try pixels.withUnsafeMutableBufferPointer {
          try workspace.crop(bytes.span.bytes, into: $0)
        }
        #expect(try value.pixels(bytes, .cropped)?.pixels == pixels, "width \(width)")
      }
    }
  }

  @Test func everyByteIsNormalizedAsTorchDoes() {
    #expect(sha256(Normalization.imageNet.table) == Golden.all.table)
    #expect(Normalization.imageNet.fill == [124, 116, 104])
  }

  /// The resized image would have 4 gigapixels; the crop needs 50,176 of them.
  @Test func extremeRatiosCostOnlyTheCrop() throws {
    let bytes = try Golden.bytes(of: "one-column.jpg")
    let parameters = Preprocessing(resize: 4096, crop: 224)
    var limits = ImageLimits()
    limits.maximumPixels = 1 << 20
    let cropped = try #require(try parameters.pixels(bytes, .cropped, limits: limits))
    #expect(cropped.width == 224)
    #expect(throws: ImageError.self) {
      try parameters.apply(to: bytes.span.bytes, through: .resized, limits: limits)
    }
  }

  @Test func workspaceTurnsUpright() throws {
    let parameters = Preprocessing(resize: 20, crop: 12, orientation: .apply)
    let workspace = PreprocessingWorkspace(parameters)
    for orientation in Orientation.allCases {
      let bytes = try Golden.bytes(of: "orientation-\(orientation.rawValue).jpg")
      var pixels = [UInt8](repeating: 0, count: parameters.count)
      _ = try pixels.withUnsafeMutableBufferPointer {
        try workspace.crop(bytes.span.bytes, into: $0)
      }
      #expect(try parameters.pixels(bytes, .cropped)?.pixels == pixels)
    }
  }
}

@Suite("Preprocessing as a value")
struct PreprocessingValueTests {
  @Test func canonicalJSON() {
    #expect(
      Preprocessing().canonicalJSON == """
        {"crop":224,"crop_mode":"center","interpolation":"bilinear","mean":[0.485,0.456,0.406],\
        "orientation":"ignore","resize":256,"std":[0.229,0.224,0.225],"version":1}
        """)
    #expect(Preprocessing().hash == sha256(Array(Preprocessing().canonicalJSON.utf8)))
  }

  @Test func everyParameterChangesTheHash() {
    let half = Normalization(mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5])
    let values = [
      Preprocessing(), Preprocessing(resize: 232), Preprocessing(crop: 225),
      Preprocessing(interpolation: .bicubic), Preprocessing(cropMode: .squash),
      Preprocessing(cropMode: .border), Preprocessing(orientation: .apply),
      Preprocessing(alpha: .white), Preprocessing(colorProfile: .refuse),
      Preprocessing(damage: .accept),
      Preprocessing(normalization: half),
    ]
    #expect(Set(values.map(\.hash)).count == values.count)
  }

  @Test func roundTrip() throws {
    let value = Preprocessing(
      resize: 235, crop: 200, interpolation: .bicubic, cropMode: .border, orientation: .apply,
      alpha: .white, colorProfile: .refuse, damage: .accept)
    #expect(
      value.canonicalJSON == """
        {"alpha":"white","color_profile":"refuse","crop":200,"crop_mode":"border",\
        "damage":"accept","interpolation":"bicubic","mean":[0.485,0.456,0.406],\
        "orientation":"apply","resize":235,"std":[0.229,0.224,0.225],"version":1}
        """)
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == value)
    let canonical = Data(value.canonicalJSON.utf8)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: canonical) == value)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: Data("{}".utf8)) == Preprocessing())
  }

  @Test(arguments: [
    #"{"resize":0}"#, #"{"crop":5000}"#, #"{"mean":[1,2]}"#, #"{"std":[1,0,1]}"#,
    #"{"interpolation":"nearest"}"#, #"{"resize":-3}"#,
    // In range as doubles; zero, infinite or too small as the floats that are computed with.
    #"{"std":[1e-50,1,1]}"#, #"{"mean":[1e39,0,0]}"#, #"{"std":[1,1e39,1]}"#,
    #"{"mean":[0,0,3e38],"std":[1,1,0.1]}"#,
  ])
  func badValuesThrow(_ json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Preprocessing.self, from: Data(json.utf8))
    }
  }
}
