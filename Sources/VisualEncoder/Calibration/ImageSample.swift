import Images

/// Some images of a list, decoded, for calibration and comparison.
package struct ImageSample: Sendable {
  /// `[side, side, 3]` each.
  package private(set) var images: [[UInt8]] = []
  /// The category row of each.
  package private(set) var rows: [Int] = []
  package private(set) var ids: [String] = []

  /// Decodes up to `count` images spread evenly over the list; one that cannot be read is replaced
  /// by its neighbour.
  ///
  /// - Throws: `invalidInput` where not one image can be read.
  package init(
    _ items: [ExtractionItem], count: Int, for bundle: EncoderBundle, path: String
  ) throws(VisualEncoderError) {
    let preprocessing = PreprocessingWorkspace(bundle.configuration.preprocessing)
    let known = bundle.categoryRowsByName
    let size = 3 * bundle.configuration.preprocessing.crop * bundle.configuration.preprocessing.crop
    var reason = "it lists no image"
    var taken = -1
    let shown = items.filter { $0.path != nil }
    for index in 0..<min(count, shown.count) {
      var position = max(index * shown.count / min(count, shown.count), taken + 1)
      while position < shown.count {
        defer { position += 1 }
        do throws(ImageError) {
          var pixels = [UInt8](repeating: 0, count: size)
          let bytes = try ImageFile.read(shown[position].path ?? "")
          _ = try preprocessing.crop(bytes.span.bytes, into: &pixels)
          images.append(pixels)
          rows.append(shown[position].category.flatMap { known[$0] } ?? 0)
          ids.append(shown[position].id)
          taken = position
          break
        } catch {
          reason = "no image can be read; the last one: \(error)"
        }
      }
      // No image after this one can be read: looking again from there would not help.
      if position == shown.count { break }
    }
    if images.isEmpty { throw VisualEncoderError(.invalidInput, path: path, reason: reason) }
  }

  /// The images at even and at odd positions.
  package func halves() -> (ImageSample, ImageSample) {
    (part { $0.isMultiple(of: 2) }, part { !$0.isMultiple(of: 2) })
  }

  private func part(_ isWanted: (Int) -> Bool) -> ImageSample {
    var part = self
    let positions = images.indices.filter(isWanted)
    part.images = positions.map { images[$0] }
    part.rows = positions.map { rows[$0] }
    part.ids = positions.map { ids[$0] }
    return part
  }
}

extension PreprocessingWorkspace {
  /// As for a buffer.
  fileprivate func crop(
    _ bytes: RawSpan, into pixels: inout [UInt8]
  ) throws(ImageError) -> ImageHeader {
    var result: Result<ImageHeader, ImageError>?
    pixels.withUnsafeMutableBufferPointer { buffer in
      result = Result { () throws(ImageError) in try crop(bytes, into: buffer) }
    }
    guard let result else { preconditionFailure("the body runs") }
    return try result.get()
  }
}
