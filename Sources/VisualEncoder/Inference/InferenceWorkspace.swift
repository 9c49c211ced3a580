import CKernels
import Tensors

/// The memory in which one worker runs a plan. Not for two threads at a time.
///
/// Everything is tied together when the workspace is made; running allocates only its result.
package final class InferenceWorkspace {
  package let plan: InferencePlan
  /// Is shown activations on their way through the network, see `observe(_:)`.
  private var observer: Observer?

  private let pixels: AlignedBuffer
  private let output: AlignedBuffer
  private let program: InferenceProgram

  package init(_ plan: InferencePlan) {
    self.plan = plan
    pixels = AlignedBuffer(byteCount: plan.batch * 3 * plan.side * plan.side)
    // Images that are not given must still be numbers.
    pixels.bytes.initializeMemory(as: UInt8.self, repeating: 0, count: pixels.byteCount)
    output = AlignedBuffer(floats: plan.featureWidth)
    program = InferenceProgram(plan)
  }

  /// The memory of one image of the next batch: `[side, side, 3]`, as `PreprocessingWorkspace.crop`
  /// writes it.
  package func image(_ index: Int) -> UnsafeMutableBufferPointer<UInt8> {
    precondition(index >= 0 && index < plan.batch, "image \(index) of a batch of \(plan.batch)")
    let count = 3 * plan.side * plan.side
    return UnsafeMutableBufferPointer(
      start: pixels.bytes.assumingMemoryBound(to: UInt8.self) + index * count, count: count)
  }

  /// The features of the first images, one for each category row given.
  ///
  /// - Parameter categories: Rows of the category codes; 0 for unknown ones. At most `plan.batch`.
  /// - Returns: `[categories.count][featureWidth]`, the mean of the last activations over the image.
  package func run(categories: [Int]) -> [[Float]] {
    precondition(
      categories.count <= plan.batch
        && categories.allSatisfy { (0..<plan.categoryRows).contains($0) },
      "categories \(categories) for a batch of \(plan.batch) and \(plan.categoryRows) rows")
    program.run(pixels.bytes.assumingMemoryBound(to: UInt8.self), categories, observer)
    guard let last = plan.blocks.last?.steps.last?.geometry else { return [] }
    let (width, area) = (plan.featureWidth, last.outputHeight * last.outputWidth)
    return categories.indices.map { index in
      let source = program.result + index * width * area
      if plan.arithmetic == .float32 {
        let lanes = Activations.channelBlock
        vitrine_blocked_mean(width / lanes, area, lanes, source, output.floats)
      } else {
        vitrine_channels_last_mean(area, width, source, output.floats)
      }
      return Array(UnsafeBufferPointer(start: output.floats, count: width))
    }
  }
}

extension InferenceWorkspace {
  /// Looks at activations of a batch.
  package struct Observer {
    /// Given the name of a tensor and its numbers, `[images, …]`. Only in single precision.
    package var tensor: (String, UnsafeBufferPointer<Float>) -> Void = { _, _ in }
    /// Given the name of a block, the image in the batch, and its spatial gates
    /// `[height, width]`.
    package var spatialGates: (String, Int, SpatialGates) -> Void = { _, _, _ in }

    package init() {}
  }

  /// The spatial gates of one block and one image, each between 0 and 1.
  package struct SpatialGates: Sendable {
    package let height: Int
    package let width: Int
    package let values: [Float]
  }

  package func observe(_ observer: Observer?) { self.observer = observer }
}
