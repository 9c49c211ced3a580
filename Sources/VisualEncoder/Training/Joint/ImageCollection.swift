import Foundation
package import Images
import Synchronization
package import Tensors

/// The images of all items, decoded once and kept as bytes: what an encoder reads while it trains
/// together with a ranker.
///
/// A *row* is what the encoder sees: a picture, and its category where the gates look at it. Items
/// that show the same bytes share a row, whatever their ids; one picture in two categories has two.
package struct ImageCollection: Sendable {
  /// The first item of each row, in the order of the items given.
  package private(set) var ids: [String] = []
  /// The row of every item with a readable image.
  package private(set) var rows: [String: Int32] = [:]
  /// The category codes' row of each row.
  package private(set) var categoryRows: [Int32] = []
  /// Items whose image cannot be read, with the reason; they count as without an image.
  package private(set) var failures: [(id: String, reason: String)] = []
  private var pictures: [Int] = []
  private var pixels: [[UInt8]] = []
  private let side: Int
  private let plain: Augmenter

  /// Rows.
  package var count: Int { ids.count }
  /// Distinct pictures.
  package var pictureCount: Int { pixels.count }

  /// Decodes the images on all cores.
  ///
  /// - Parameter memoryLimit: bytes that the pixels may take.
  /// - Throws: `invalidInput` where not one image can be read, or where they do not fit.
  package init(
    _ items: [ExtractionItem], for configuration: EncoderConfiguration, path: String,
    memoryLimit: Int = 8 << 30
  ) throws(VisualEncoderError) {
    let preprocessing = configuration.preprocessing
    side = preprocessing.crop
    plain = Augmenter(.none, for: preprocessing)
    let shown = items.filter { $0.path != nil }
    let (need, overflows) = shown.count.multipliedReportingOverflow(by: preprocessing.count)
    guard !overflows, need <= memoryLimit else {
      throw VisualEncoderError(
        .invalidInput, path: path,
        reason: "\(shown.count) images of \(side) pixels take \(need >> 20) MiB, and"
          + " \(memoryLimit >> 20) are allowed; give a smaller crop, or fewer items")
    }
    let known: [String: Int] =
      configuration.attention == .category
      ? Dictionary(
        configuration.categories.enumerated().map { ($1, $0 + 1) },
        uniquingKeysWith: { first, _ in first }) : [:]
    var pictureOf: [String: Int] = [:]
    var rowOf: [[Int]: Int32] = [:]
    for (item, result) in zip(shown, Self.decoded(shown, preprocessing)) {
      switch result {
      case .failure(let error): failures.append((item.id, "\(error)"))
      case .success(let decoded):
        let picture = pictureOf[decoded.hash] ?? pixels.count
        if picture == pixels.count {
          pictureOf[decoded.hash] = picture
          pixels.append(decoded.pixels)
        }
        let category = item.category.flatMap { known[$0] } ?? 0
        let row = rowOf[[picture, category]] ?? Int32(ids.count)
        if row == ids.count {
          rowOf[[picture, category]] = row
          ids.append(item.id)
          pictures.append(picture)
          categoryRows.append(Int32(category))
        }
        rows[item.id] = row
      }
    }
    guard count > 0 else {
      throw VisualEncoderError(
        .invalidInput, path: path,
        reason: failures.first.map { "no image can be read; \($0.id): \($0.reason)" }
          ?? "it lists no image; joint training needs a column path")
    }
  }

  /// Some rows as a network takes them: `[rows.count, 3, side, side]`, normalised.
  package func planes(of rows: [Int32]) -> Tensor { planes(of: rows, plain, seed: 0, epoch: 0) }

  /// The same with each picture varied, as seed, epoch and row decide.
  package func planes(
    of rows: [Int32], _ augmenter: Augmenter, seed: UInt64, epoch: Int
  ) -> Tensor {
    let count = 3 * side * side
    return Tensor.unsafeUninitialized([rows.count, 3, side, side]) { out in
      for (place, row) in rows.enumerated() {
        pixels[pictures[Int(row)]].withUnsafeBufferPointer { picture in
          augmenter.run(
            picture, width: side, height: side, seed: seed, epoch: epoch, image: Int(row),
            into: UnsafeMutableBufferPointer(start: out + place * count, count: count))
        }
      }
    }
  }

  /// The vectors of all rows as the shipped extraction computes them in single precision,
  /// `[count, featureWidth]`, row-major; the same bits for any number of workers.
  package func vectors(
    _ weights: EncoderWeights, _ configuration: EncoderConfiguration,
    workers: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> [Float] {
    let bundle = EncoderBundle(configuration: configuration, weights: weights)
    let plan = InferencePlan(bundle, precision: .fp32, batch: ExtractionPipeline.batch)
    return SampleInference(plan, workers: workers)
      .run(pictures.map { pixels[$0] }, rows: categoryRows.map { Int($0) }).flatMap { $0 }
  }
}

/// An image file as the network sees it, and the SHA-256 of its bytes.
private struct DecodedImage: Sendable {
  let hash: String
  let pixels: [UInt8]

  init(_ path: String, _ workspace: PreprocessingWorkspace) throws(ImageError) {
    let bytes = try ImageFile.read(path)
    let count = workspace.preprocessing.count
    var problem: ImageError?
    pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(ImageError) {
        _ = try workspace.crop(
          bytes.span.bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        filled = count
      } catch { problem = error }
    }
    if let problem { throw problem }
    hash = HexDigest.sha256(bytes)
  }
}

extension ImageCollection {
  private static func decoded(
    _ items: [ExtractionItem], _ preprocessing: Preprocessing
  ) -> [Result<DecodedImage, ImageError>] {
    let results = Mutex([Result<DecodedImage, ImageError>?](repeating: nil, count: items.count))
    let next = Mutex(0)
    let workers = ProcessInfo.processInfo.activeProcessorCount
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      let workspace = PreprocessingWorkspace(preprocessing)
      while true {
        let index = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard index < items.count else { return }
        let result = Result { () throws(ImageError) in
          try DecodedImage(items[index].path ?? "", workspace)
        }
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
