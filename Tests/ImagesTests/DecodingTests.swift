import Images
import Testing

@Suite("Decoding agrees with Pillow, bit for bit")
struct DecodingTests {
  @Test(arguments: Golden.all.fixtures)
  func fixture(_ fixture: Golden.Fixture) throws {
    let bytes = try Golden.bytes(of: fixture.file)
    let image = try ImageDecoder().decode(bytes.span.bytes)
    #expect(image.summary == fixture.pixels.summary)
    let header = try ImageDecoder().header(of: bytes.span.bytes)
    #expect(header.format.rawValue == (fixture.file.hasSuffix("png") ? "PNG" : "JPEG"))
    #expect(
      header.isStaged
        == (fixture.file.contains("progressive") || fixture.file.contains("interlaced")))
  }

  @Test(arguments: Golden.all.fixtures.filter { $0.orientation != nil })
  func orientation(_ fixture: Golden.Fixture) throws {
    let bytes = try Golden.bytes(of: fixture.file)
    let header = try ImageDecoder().header(of: bytes.span.bytes)
    #expect(header.orientation.rawValue == fixture.orientation)
    let apply = Preprocessing(orientation: .apply)
    let upright = try #require(try apply.pixels(bytes, .decoded))
    let expected = try #require(fixture.upright)
    #expect(upright.summary == expected.summary)
    let ignored = try #require(try Preprocessing().pixels(bytes, .decoded))
    #expect(ignored.summary == fixture.pixels.summary)
  }

  @Test func colourProfilesAreNoticed() throws {
    let plain = [try Golden.bytes(of: "rgb-420.jpg"), try Golden.bytes(of: "rgb-8.png")]
    let payload = Array("ICC_PROFILE\0\u{1}\u{1}profile".utf8)
    var jpeg = plain[0]
    jpeg.insert(contentsOf: [0xFF, 0xE2, 0, UInt8(payload.count + 2)] + payload, at: 2)
    var png = plain[1]
    png.insert(contentsOf: PNGSums.chunk("iCCP", Array("name\0\0data".utf8)), at: 33)
    for (profiled, plain) in zip([jpeg, png], plain) {
      let header = try ImageDecoder().header(of: profiled.span.bytes)
      let plainHeader = try ImageDecoder().header(of: plain.span.bytes)
      #expect(header.hasColorProfile && !plainHeader.hasColorProfile)
      // And ignored.
      let image = try ImageDecoder().decode(profiled.span.bytes)
      let plainImage = try ImageDecoder().decode(plain.span.bytes)
      #expect(image == plainImage)
    }
  }

  /// The one deviation from Pillow is marked where it happens, and nowhere else.
  @Test(arguments: Golden.all.fixtures)
  func reducedGreyIsMarked(_ fixture: Golden.Fixture) throws {
    let bytes = try Golden.bytes(of: fixture.file)
    let header = try ImageDecoder().header(of: bytes.span.bytes)
    #expect(header.isReducedGrey == fixture.file.hasPrefix("grey-16"))
  }

  @Test func everyOrientationIsTested() {
    #expect(
      Set(Golden.all.fixtures.compactMap(\.orientation))
        == Set(Orientation.allCases.map(\.rawValue)))
  }

  @Test(
    "32 photos",
    .enabled(if: Golden.has("clothing"), "../shared/data/clothing is absent"))
  func photos() throws {
    for photo in Golden.all.photos {
      let bytes = try Golden.bytes(of: photo)
      let image = try ImageDecoder().decode(bytes.span.bytes)
      #expect(image.summary == photo.pixels.summary, "\(photo.file)")
    }
  }
}
