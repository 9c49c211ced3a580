import Images
import Testing

@Suite("Policies: what is bent is chosen, and noted")
struct PolicyTests {
  private static let alphaFixtures = [
    "rgba-8.png", "rgba-16.png", "rgba-8-interlaced.png", "grey-alpha-8.png",
    "grey-alpha-16-interlaced.png", "grey-8-trns.png", "grey-16-trns.png", "rgb-8-trns.png",
    "palette-8-trns.png", "palette-4-trns.png",
  ]

  @Test(arguments: alphaFixtures)
  func transparencyOnWhite(_ file: String) throws {
    let bytes = try Golden.bytes(of: file)
    let decoder = ImageDecoder(alpha: .white)
    let header = try decoder.header(of: bytes.span.bytes)
    #expect(header.hasAlpha && !header.notes.contains(.alphaDropped))
    let image = try decoder.decode(bytes.span.bytes)
    let rgba = try ImageDecoder().decodeWithAlpha(bytes.span.bytes)
    let expected = (0..<image.pixels.count).map { i -> UInt8 in
      let (colour, alpha) = (Int(rgba[i / 3 * 4 + i % 3]), Int(rgba[i / 3 * 4 + 3]))
      // Rounded to the nearest; 255 is odd, so there are no ties.
      return UInt8((2 * (colour * alpha + 255 * (255 - alpha)) + 255) / 510)
    }
    #expect(image.pixels == expected)
  }

  @Test(arguments: alphaFixtures)
  func droppedTransparencyIsNoted(_ file: String) throws {
    let bytes = try Golden.bytes(of: file)
    let image = try ImageDecoder().decode(bytes.span.bytes)
    let rgba = try ImageDecoder().decodeWithAlpha(bytes.span.bytes)
    #expect(image.pixels == rgba.indices.filter { $0 % 4 != 3 }.map { rgba[$0] })
    #expect(try preprocess(bytes, Preprocessing()).notes.contains(.alphaDropped))
    #expect(!(try preprocess(bytes, Preprocessing(alpha: .white)).notes.contains(.alphaDropped)))
  }

  @Test func opaqueImagesAreTheSameOnWhite() throws {
    for file in ["rgb-420.jpg", "cmyk.jpg", "palette-8.png", "grey-16-interlaced.png"] {
      let bytes = try Golden.bytes(of: file)
      let white = try ImageDecoder(alpha: .white).decode(bytes.span.bytes)
      #expect(try white == ImageDecoder().decode(bytes.span.bytes), "\(file)")
    }
  }

  @Test func colourProfilesAreRefusedOrNoted() throws {
    var bytes = try Golden.bytes(of: "rgb-8.png")
    bytes.insert(contentsOf: PNGSums.chunk("iCCP", Array("name\0\0data".utf8)), at: 33)
    #expect(try preprocess(bytes, Preprocessing()).notes == [.profileIgnored])
    let error = #expect(throws: ImageError.self) {
      try preprocess(bytes, Preprocessing(colorProfile: .refuse))
    }
    #expect(error?.reason == .refused)
    let plain = try Golden.bytes(of: "rgb-8.png")
    #expect(try preprocess(plain, Preprocessing(colorProfile: .refuse)).notes == [])
  }

  @Test func orientationIsNotedWhereItIsIgnored() throws {
    for orientation in Orientation.allCases {
      let bytes = try Golden.bytes(of: "orientation-\(orientation.rawValue).jpg")
      let ignored = try preprocess(bytes, Preprocessing()).notes
      #expect(ignored == (orientation == .up ? [] : [.orientationIgnored]))
      #expect(try preprocess(bytes, Preprocessing(orientation: .apply)).notes == [])
    }
  }

  @Test func sixteenBitGreyIsNoted() throws {
    let bytes = try Golden.bytes(of: "grey-16.png")
    #expect(try preprocess(bytes, Preprocessing()).notes == [.sixteenBitGreyReduced])
  }

  @Test func namesAreStable() {
    let all = ImageNotes(rawValue: 31)
    #expect(
      all.names == [
        "orientation-ignored", "profile-ignored", "alpha-dropped", "sixteen-bit-grey-reduced",
        "damage-accepted",
      ])
    #expect(ImageNotes([]).names.isEmpty)
  }

  private func preprocess(_ bytes: [UInt8], _ value: Preprocessing) throws -> ImageHeader {
    let workspace = PreprocessingWorkspace(value)
    var pixels = [UInt8](repeating: 0, count: value.count)
    return try pixels.withUnsafeMutableBufferPointer {
      try workspace.crop(bytes.span.bytes, into: $0)
    }
  }
}
