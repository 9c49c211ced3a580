import Foundation
import Images
import Testing

@Suite("Public conformance corpora")
struct CorpusTests {
  @Test(
    "every file ends in pixels or a typed reason, as Pillow judged it",
    .enabled(if: Golden.has("codec-conformance"), "../shared/data/codec-conformance is absent"))
  func verdicts() throws {
    var limits = ImageLimits()
    limits.maximumPixels = 32 << 20
    var decoded = 0
    var compared: [String: Int] = [:]
    var refused: [ImageError] = []
    for row in try Self.manifest() {
      let name = row["path", default: ""]
      let path = Golden.shared.appending(path: "codec-conformance/\(name)").path
      let pillowReads = row["pillow"] == "ok" && ["jpeg", "png"].contains(row["signature"])
      do throws(ImageError) {
        let bytes = try ImageFile.read(path)
        let decoder = ImageDecoder(limits: limits)
        let header = try decoder.header(of: bytes.span.bytes)
        let image = try decoder.decode(bytes.span.bytes)
        decoded += 1
        guard pillowReads else { continue }
        #expect("\(image.width)" == row["width"] && "\(image.height)" == row["height"])
        if let orientation = row["exif_orientation"], !orientation.isEmpty {
          #expect("\(header.orientation.rawValue)" == orientation, "\(name)")
        }
        if Self.isOpaque(row), !Data(bytes).contains("tRNS") {
          #expect(sha256(Self.opaque(image)) == row["rgba_sha256"], "\(name)")
          compared[row["format", default: ""], default: 0] += 1
        }
      } catch {
        #expect(!error.message.isEmpty)
        if pillowReads { refused.append(error.at(name)) }
      }
    }
    #expect(decoded >= 299)
    #expect(compared["PNG", default: 0] >= 90 && compared["JPEG"] == 48, "\(compared)")
    // Damage that Pillow lets pass, a camera's surplus data inside a scan, and one lossless JPEG.
    #expect(refused.count == 15, "\(refused)")
    #expect(refused.allSatisfy { [.corrupt, .unsupportedVariant].contains($0.reason) })
  }

  /// The manifest has the sum of RGBA pixels, so only opaque images can be compared.
  private static func isOpaque(_ row: [String: String]) -> Bool {
    switch row["format"] {
    case "PNG": ["RGB", "L", "1"].contains(row["mode"])
    case "JPEG": ["RGB", "L", "CMYK"].contains(row["mode"])
    default: false
    }
  }

  private static func opaque(_ image: RGBImage) -> [UInt8] {
    let count = image.width * image.height
    var pixels = [UInt8](repeating: 255, count: count * 4)
    for i in 0..<count {
      for channel in 0..<3 { pixels[i * 4 + channel] = image.pixels[i * 3 + channel] }
    }
    return pixels
  }

  private static func manifest() throws -> [[String: String]] {
    let path = Golden.shared.appending(path: "codec-conformance/manifest.csv")
    let lines = try String(contentsOf: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = fields(lines[0])
    return lines.dropFirst().map {
      Dictionary(zip(names, fields($0)), uniquingKeysWith: { first, _ in first })
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    var result = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: result.append("")
      default: result[result.count - 1].append(character)
      }
    }
    return result
  }
}

extension Data {
  fileprivate func contains(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
