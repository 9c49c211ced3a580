package import Images

/// Shows where the spatial gates of an encoder look: a row for each image, first what the network
/// sees, then the gates of the last block of every stage over it.
package struct AttentionSheet {
  package let bundle: EncoderBundle

  /// - Throws: `invalidConfiguration` for an encoder without gates.
  package init(_ bundle: EncoderBundle, path: String) throws(VisualEncoderError) {
    guard bundle.configuration.attention != .none else {
      throw VisualEncoderError(
        .invalidConfiguration, path: path,
        reason: "has no spatial gates to show; import it with --attention cbam or category")
    }
    self.bundle = bundle
  }

  /// The blocks shown, one for each stage.
  package var blocks: [String] {
    var last: [Substring: String] = [:]
    for block in bundle.configuration.architecture.residualBlocks {
      last[block.name.prefix { $0 != "." }] = block.name
    }
    return last.values.sorted()
  }

  /// The sheet as the bytes of a PNG file, and the smallest and the largest gate of each block.
  /// - Throws: `ImageError.tooLarge` for more images than a picture can show.
  package func png(
    _ sample: ImageSample
  ) throws(ImageError) -> (bytes: [UInt8], ranges: [ClosedRange<Float>]) {
    let side = bundle.configuration.preprocessing.crop
    let gates = gates(sample)
    let ranges = blocks.map { block in
      // A network can overflow: what is no number has no place in a range.
      let values = (gates[block] ?? []).flatMap { $0?.values ?? [] }.filter(\.isFinite)
      return (values.min() ?? 0)...(values.max() ?? 0)
    }
    let tiles = sample.images.enumerated().flatMap { index, pixels in
      [pixels]
        + blocks.compactMap { block in
          gates[block]?[index].map { Heatmap($0.values, height: $0.height, width: $0.width) }
        }.map { $0.overlay(on: pixels, side: side) }
    }
    return (try ContactSheet(columns: blocks.count + 1, side: side).png(tiles), ranges)
  }

  private func gates(_ sample: ImageSample) -> [String: [InferenceWorkspace.SpatialGates?]] {
    let plan = InferencePlan(bundle, precision: .fp32)
    let workspace = InferenceWorkspace(plan)
    var maps = Dictionary(
      uniqueKeysWithValues: blocks.map {
        ($0, [InferenceWorkspace.SpatialGates?](repeating: nil, count: sample.images.count))
      })
    for start in stride(from: 0, to: sample.images.count, by: plan.batch) {
      let range = start..<min(start + plan.batch, sample.images.count)
      for index in range {
        _ = workspace.image(index - start).update(fromContentsOf: sample.images[index])
      }
      var observer = InferenceWorkspace.Observer()
      observer.spatialGates = { block, image, gates in maps[block]?[start + image] = gates }
      workspace.observe(observer)
      _ = workspace.run(categories: Array(sample.rows[range]))
    }
    workspace.observe(nil)
    return maps
  }
}
