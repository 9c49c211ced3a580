package import Images
package import Tensors

/// Makes batches of training pictures. What is in a batch depends on the seed, the epoch and the
/// batch's place in it, never on who makes it.
package struct BatchMaker: Sendable {
  package let images: LabelledImages
  package let pixels: PixelStore
  package let augmenter: Augmenter
  package var mixing = PictureMixing()
  /// How much of a target is spread evenly over all classes (Szegedy et al., CVPR 2016).
  package var labelSmoothing: Scalar = 0
  /// Verification, where it is asked for: the share of pictures, and what is true of them.
  package var verification: (share: Double, truth: CategoryTruth)?
  package var seed: UInt64 = 0

  package init(_ decoded: DecodedImages, _ augmenter: Augmenter) {
    (images, pixels, self.augmenter) = (decoded.images, decoded.pixels, augmenter)
  }

  /// - Parameters:
  ///   - batch: positions of pictures, shard by shard.
  ///   - number: the batch's place in its epoch.
  package func batch(_ batch: [[Int]], epoch: Int, number: Int) -> ImageBatch {
    let stream = RandomStream(seed: seed, stream: 0xBA7C).split(UInt64(epoch))
      .split(UInt64(number))
    return ImageBatch(
      shards: batch.enumerated().map { shard, indices in
        var random = stream.split(UInt64(shard))
        return make(indices, epoch, &random)
      })
  }

  private func make(
    _ indices: [Int], _ epoch: Int, _ random: inout RandomStream
  ) -> ImageShard {
    var rows = [Int32](repeating: 0, count: indices.count)
    var verdicts: [Scalar] = []
    if let verification {
      let asked = Int((verification.share * Double(indices.count)).rounded())
      for (position, index) in indices.prefix(asked).enumerated() {
        let question = verification.truth.question(index, random: &random)
        rows[position] = question.row
        verdicts.append(question.verdict)
      }
    }
    let classified = indices.dropFirst(verdicts.count)
    var targets = classified.flatMap { target(of: images.images[$0]) }
    let (side, size) = (augmenter.side, 3 * augmenter.side * augmenter.side)
    let planes = Tensor.unsafeUninitialized([indices.count, 3, side, side]) { out in
      let all = UnsafeMutableBufferPointer(start: out, count: indices.count * size)
      for (position, index) in indices.enumerated() {
        augmenter.run(
          pixels.image(index), width: pixels.side, height: pixels.side, seed: seed, epoch: epoch,
          image: index,
          into: UnsafeMutableBufferPointer(rebasing: all[position * size..<(position + 1) * size]))
      }
      mixing.mix(
        UnsafeMutableBufferPointer(rebasing: all[verdicts.count * size..<indices.count * size]),
        &targets, count: classified.count, side: side, random: &random)
    }
    return ImageShard(
      images: planes, categoryRows: rows, verdicts: verdicts, targets: targets, indices: indices)
  }

  private func target(of image: LabelledImage) -> [Scalar] {
    let smooth = labelSmoothing
    let even = images.isMultiLabel ? smooth / 2 : smooth / Scalar(images.classes.count)
    return images.targets(of: image).map { $0 ? 1 - smooth + even : even }
  }
}
