import Tensors

/// Orders training rows so that an encoder runs once for many of them: a batch holds a number of
/// distinct images with the rows that show them.
///
/// An image with more rows than the cap is cut into equal pieces that go to different batches: a
/// batch would otherwise be about a few popular items, and their embeddings would drag it along
/// (`EasyRec` describes the same limit for CSCNN; Liu et al., KDD 2020). Pieces are dealt out like
/// cards, so batches of an epoch differ by at most one image, and every row comes once an epoch.
package struct ImageReuseBatches: Sendable {
  private let groups: [(image: Int32, rows: [Int32])]
  private let others: [Int32]
  private let samplesPerImage: Int
  private let seed: UInt64
  /// Batches in an epoch.
  package let count: Int

  /// - Parameters:
  ///   - visualRows: the row of the visual table of each training row; -1 where there is no image.
  ///   - imagesPerBatch: distinct images in a batch, at most.
  ///   - samplesPerImage: rows of one image in a batch, at most.
  ///   - seed: with the epoch, decides the order.
  package init(
    visualRows: [Int32], imagesPerBatch: Int = 64, samplesPerImage: Int = 64, seed: UInt64
  ) {
    precondition(
      imagesPerBatch > 0 && samplesPerImage > 0,
      "\(imagesPerBatch) images of \(samplesPerImage) samples in a batch")
    var members: [Int32: [Int32]] = [:]
    for (row, image) in visualRows.enumerated() {
      members[max(image, -1), default: []].append(Int32(row))
    }
    others = members.removeValue(forKey: -1) ?? []
    groups = members.sorted { $0.key < $1.key }.map { (image: $0.key, rows: $0.value) }
    self.samplesPerImage = samplesPerImage
    self.seed = seed
    let pieces = groups.map { ($0.rows.count + samplesPerImage - 1) / samplesPerImage }
    // Pieces of one image need a batch each; rows without an image need room as well.
    let room = imagesPerBatch * samplesPerImage
    count = max(
      (pieces.reduce(0, +) + imagesPerBatch - 1) / imagesPerBatch, pieces.max() ?? 0,
      (others.count + room - 1) / room)
  }

  /// All rows once, in an order of this epoch's own. O(rows).
  package func batches(epoch: Int) -> [ImageReuseBatch] {
    guard count > 0 else { return [] }
    var random = RandomStream(seed: seed, stream: UInt64(epoch)).split(0x1A6E)
    var hands = [[(image: Int32, rows: ArraySlice<Int32>)]](repeating: [], count: count)
    let seats = (0..<count).shuffled(using: &random)
    var dealt = 0
    for group in groups.shuffled(using: &random) {
      let rows = group.rows.shuffled(using: &random)
      let pieces = (rows.count + samplesPerImage - 1) / samplesPerImage
      for piece in 0..<pieces {
        let part = rows[rows.count * piece / pieces..<rows.count * (piece + 1) / pieces]
        hands[seats[dealt % count]].append((group.image, part))
        dealt += 1
      }
    }
    let rest = others.shuffled(using: &random)
    return hands.enumerated().map { index, pieces in
      ImageReuseBatch(
        pieces,
        others: Array(rest[rest.count * index / count..<rest.count * (index + 1) / count]))
    }
  }
}
