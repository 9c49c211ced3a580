import CKernels
import Tensors

/// The memory in which one worker runs a plan. Not for two threads at a time.
package final class InferenceWorkspace {
  package let plan: InferencePlan
  private let context = WorkerContext()
  private let images: AlignedBuffer
  private let stem: AlignedBuffer
  /// Activations between the convolutions of a block, and of its shortcut.
  private var buffers: [AlignedBuffer]
  private let gateScratch: AlignedBuffer
  private let output: AlignedBuffer

  package init(_ plan: InferencePlan) {
    self.plan = plan
    images = AlignedBuffer(floats: plan.batch * 3 * plan.side * plan.side)
    // Images that are not given must still be numbers.
    images.floats.initialize(repeating: 0, count: images.byteCount / MemoryLayout<Float>.stride)
    stem = AlignedBuffer(floats: plan.stem.geometry.outputShape.reduce(1, *))
    let convolutions = plan.blocks.flatMap { $0.steps + [$0.downsample].compactMap { $0 } }
    let largest = convolutions.map {
      max($0.geometry.inputShape.reduce(1, *), $0.geometry.outputShape.reduce(1, *))
    }
    let count = largest.max() ?? 0
    buffers = (0..<4).map { _ in AlignedBuffer(floats: count) }
    gateScratch = AlignedBuffer(floats: plan.blocks.compactMap { $0.gate?.scratchCount }.max() ?? 0)
    output = AlignedBuffer(floats: plan.batch * plan.featureWidth)
  }

  /// The memory of one image of the next batch: `[3, side, side]`, normalised, red first.
  package func image(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(index >= 0 && index < plan.batch, "image \(index) of a batch of \(plan.batch)")
    let count = 3 * plan.side * plan.side
    return UnsafeMutableBufferPointer(start: images.floats + index * count, count: count)
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
    plan.stem.run(input: images.floats, output: stem.floats, in: context)
    poolStem()
    for block in plan.blocks { run(block, categories) }
    guard let last = plan.blocks.last?.steps.last?.geometry else { return [] }
    let (width, area) = (plan.featureWidth, last.outputHeight * last.outputWidth)
    let lanes = Activations.channelBlock
    return categories.indices.map { index in
      vitrine_blocked_mean(
        width / lanes, area, lanes, buffers[0].floats + index * width * area, output.floats)
      return Array(UnsafeBufferPointer(start: output.floats, count: width))
    }
  }

  private func poolStem() {
    let shape = plan.stem.geometry
    let lanes = Activations.channelBlock
    vitrine_blocked_max_pool(
      shape.batch * shape.outputChannels / lanes, shape.outputHeight, shape.outputWidth, lanes,
      stem.floats, buffers[0].floats)
  }

  /// Takes the activations in the first buffer and leaves the new ones there.
  private func run(_ block: InferencePlan.Block, _ categories: [Int]) {
    // 0: input, 1 and 2: between the convolutions, 3: the shortcut where it is projected.
    let shortcut = block.downsample == nil ? 0 : 3
    block.downsample?.run(input: buffers[0].floats, output: buffers[3].floats, in: context)
    var current = 0
    for (index, step) in block.steps.enumerated() {
      let isLast = index == block.steps.count - 1
      let target = isLast && block.gate == nil ? shortcut : 1 + index % 2
      step.run(input: buffers[current].floats, output: buffers[target].floats, in: context)
      current = target
    }
    if let gate = block.gate, let shape = block.steps.last?.geometry {
      let size = shape.outputChannels * shape.outputHeight * shape.outputWidth
      for (index, row) in categories.enumerated() {
        gate.apply(
          row: row, input: buffers[current].floats + index * size,
          result: buffers[shortcut].floats + index * size, scratch: gateScratch.floats)
      }
    }
    buffers.swapAt(0, shortcut)
  }
}
