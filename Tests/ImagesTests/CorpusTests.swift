import Foundation
import Images
import Testing

@Suite(
  "Public conformance corpora",
  .enabled(if: Corpus.isPresent, "../shared/data/codec-conformance is absent"))
struct CorpusTests {
  /// Pixels as the independent decoder gave them, alpha included, and a typed reason where it gave
  /// none. Whatever else happens stands in Golden/corpus-deviations.csv with its reason.
  @Test func everyFile() throws {
    let deviations = try Corpus.deviations()
    var counts: [String: Int] = [:]
    var surprises: [String] = []
    for entry in try Corpus.entries() {
      let outcome = outcome(entry)
      counts[outcome, default: 0] += 1
      if let deviation = deviations[entry.path] {
        if deviation.outcome == outcome, !deviation.reason.isEmpty { continue }
      } else if isUsual(outcome, entry) {
        continue
      }
      surprises.append("\(entry.path),\(outcome)")
    }
    #expect(surprises.isEmpty, "\(surprises.joined(separator: "\n"))")
    #expect(counts.values.reduce(0, +) == 458, "\(counts)")
    #expect(counts["equal"] == 270 && deviations.count == 19, "\(counts)")
  }

  private func isUsual(_ outcome: String, _ entry: Corpus.Entry) -> Bool {
    guard entry.isAccepted, ["jpeg", "png"].contains(entry.signature) else {
      return ImageError.Reason(rawValue: outcome) != nil
    }
    // The manifest has no sum of 16-bit grey; Golden/images.json has.
    return outcome == (entry.sum == nil ? "no-sum" : "equal")
  }

  /// How the pixels compare, or the reason why there are none.
  private func outcome(_ entry: Corpus.Entry) -> String {
    do throws(ImageError) {
      let bytes = try Corpus.bytes(of: entry.path)
      do throws(ImageError) {
        return try comparison(entry, bytes, ImageDecoder())
      } catch {
        guard entry.isAccepted, !error.message.isEmpty else { return error.reason.rawValue }
        let lenient = try? comparison(entry, bytes, ImageDecoder(damage: .accept))
        return "\(error.reason.rawValue)" + (lenient.map { "; if lenient \($0)" } ?? "")
      }
    } catch {
      return error.message.isEmpty ? "no message" : error.reason.rawValue
    }
  }

  private func comparison(
    _ entry: Corpus.Entry, _ bytes: [UInt8], _ decoder: ImageDecoder
  ) throws(ImageError) -> String {
    let header = try decoder.header(of: bytes.span.bytes)
    let pixels = try decoder.decodeWithAlpha(bytes.span.bytes)
    let image = try decoder.decode(bytes.span.bytes)
    guard entry.isAccepted else { return "accepted" }
    let colours = pixels.indices.lazy.filter { $0 % 4 != 3 }.map { pixels[$0] }
    guard image.pixels.elementsEqual(colours), "\(image.width) x \(image.height)" == entry.size,
      "\(header.orientation.rawValue)" == entry.orientation ?? "1"
    else { return "inconsistent" }
    guard let sum = entry.sum else { return "no-sum" }
    return sha256(pixels) == sum ? "equal" : "pixels"
  }

  /// Another decoder's pixels of the same JPEGs, whose inverse transform and upsampling differ by a
  /// little. Three are damaged, but only a little; eleven are lossless, which libjpeg does not read.
  @Test func referencesOfJPEGs() throws {
    var damaged: [String] = []
    var counts = (compared: 0, lossless: 0)
    for entry in try Corpus.entries()
    where entry.path.contains("reftest/images") && entry.path.hasSuffix(".jpg") {
      let bytes = try Corpus.bytes(of: entry.path)
      let reference = try Corpus.bytes(of: String(entry.path.dropLast(3)) + "png")
      let expected = try ImageDecoder().decode(reference.span.bytes)
      do throws(ImageError) {
        _ = try ImageDecoder().decode(bytes.span.bytes)
      } catch {
        guard error.reason != .unsupportedVariant else {
          counts.lossless += 1
          continue
        }
        #expect(error.reason == .corrupt)
        damaged.append(entry.path.split(separator: "/").last.map(String.init) ?? "")
      }
      let image = try ImageDecoder(damage: .accept).decode(bytes.span.bytes)
      #expect(image.width == expected.width && image.height == expected.height)
      let differences = zip(image.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }
      let mean = Double(differences.reduce(0, +)) / Double(differences.count)
      #expect(mean < 0.35 && differences.max() ?? 0 <= 3, "\(entry.path): mean \(mean)")
      counts.compared += 1
    }
    #expect(
      damaged.sorted() == ["mjpeg.jpg", "partial_progressive.jpg", "progressive-missing-dc.jpg"])
    #expect(counts == (37, 11), "\(counts)")
  }
}
