import CKernels

/// The feature maps of a batch of images, `[N, C, H, W]`, the channels in blocks: what oneDNN reads
/// and writes without rewriting, from the first convolution to the last.
///
/// Operations on maps are traced like those on tensors. In the double-precision build, whose loops
/// know row-major memory only, a block is one channel, which is the same.
package struct FeatureMaps: Sendable {
  /// `[N, C / lanes, H, W, lanes]`
  package let values: Tensor

  /// Channels of a block on this processor.
  package static var lanes: Int {
    #if DOUBLE_PRECISION
      1
    #else
      Engine.channelBlock
    #endif
  }

  /// Maps whose numbers already lie in blocks.
  package init(blocked values: Tensor) {
    precondition(
      values.shape.rank == 5 && values.shape[4] == Self.lanes,
      "feature maps \(values.shape); [N, C / \(Self.lanes), H, W, \(Self.lanes)] is wanted")
    self.values = values
  }

  package var batch: Int { values.shape[0] }
  package var channels: Int { values.shape[1] * Self.lanes }
  package var height: Int { values.shape[2] }
  package var width: Int { values.shape[3] }

  static func shape(_ dimensions: [Int]) -> Shape {
    precondition(
      dimensions[1].isMultiple(of: lanes),
      "\(dimensions[1]) channels do not fill blocks of \(lanes)")
    return [dimensions[0], dimensions[1] / lanes, dimensions[2], dimensions[3], lanes]
  }

  var geometry: vitrine_maps {
    vitrine_maps(
      batch: batch, blocks: values.shape[1], area: height * width, lanes: Self.lanes)
  }
}
