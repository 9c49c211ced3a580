import Tensors

/// Consecutive blocks of a plan tied to the memory of one worker: a list of steps, each of which
/// knows its buffers.
final class InferenceSegment {
  private let plan: InferencePlan
  /// Images that the buffers hold.
  let batch: Int
  private let context = WorkerContext()
  /// The input of a block, what is between its convolutions (two), and its shortcut.
  private let buffers: [AlignedBuffer]
  private let scratch: AlignedBuffer
  private var steps: [InferenceStep] = []
  /// Which buffer holds the input of the next block; the result in the end.
  private var current = 0

  /// The activations of one image after the last block of the segment.
  private(set) var resultByteCount = 0

  /// What the first block reads.
  var input: UnsafeMutableRawPointer { buffers[0].bytes }
  /// What the last block leaves.
  var result: UnsafeMutableRawPointer { buffers[current].bytes }

  /// - Parameter pixels: What the stem reads, where the segment begins with it.
  init(
    _ plan: InferencePlan, _ blocks: ArraySlice<InferencePlan.Block>, batch: Int,
    stem pixels: AlignedBuffer? = nil
  ) {
    self.plan = plan
    self.batch = batch
    let convolutions = blocks.flatMap(\.convolutions)
    let largest = convolutions.map { max($0.inputByteCount, $0.outputByteCount) }.max() ?? 0
    // A widened shortcut has as many numbers as the output, which is floats then.
    buffers = (0..<4).map { _ in AlignedBuffer(byteCount: batch * largest) }
    scratch = AlignedBuffer(floats: blocks.compactMap { $0.gate?.scratchCount }.max() ?? 0)
    context.reserve(for: convolutions + (pixels == nil ? [] : [plan.stem]))
    if let pixels {
      let stem = AlignedBuffer(byteCount: batch * plan.stem.outputByteCount)
      append(plan.stem, from: pixels, to: stem)
      steps.append(.pooling(plan.stem, batch: batch, from: stem, to: buffers[0]))
      let shape = plan.blocks[0].steps[0].geometry
      tap(
        ResidualBlock.Step.stemName, buffers[0],
        count: shape.inputShape.dropFirst().reduce(1, *))
    }
    for block in blocks { append(block) }
    if let last = blocks.last, let shape = last.steps.last?.geometry {
      resultByteCount =
        shape.outputChannels * shape.outputHeight * shape.outputWidth
        * last.output.element.byteCount
    }
  }

  /// - Parameter categories: A row for each image, at most `batch`.
  func run(_ categories: [Int], _ observer: InferenceWorkspace.Observer?) {
    for step in steps { step.run(categories, observer) }
  }

  private func append(_ block: InferencePlan.Block) {
    guard let last = block.steps.last?.geometry else { return }
    let count = last.outputChannels * last.outputHeight * last.outputWidth
    let free = (0..<4).filter { $0 != current }
    let inner = (free[0], free[1])
    var shortcut = current
    if let downsample = block.downsample {
      shortcut = free[2]
      append(downsample, from: buffers[current], to: buffers[shortcut])
      tap("\(block.name).downsample.0", buffers[shortcut], count: count)
    } else if block.gate == nil, block.output.element != plan.arithmetic.activations.element {
      shortcut = free[2]
      steps.append(
        .widening(
          plan.arithmetic.activations.element, scale: block.inputScale, count: count * batch,
          from: buffers[current], to: buffers[shortcut]))
    }
    var input = current
    for (index, step) in block.steps.enumerated() {
      let isLast = index == block.steps.count - 1
      let target =
        isLast && block.gate == nil ? shortcut : index.isMultiple(of: 2) ? inner.0 : inner.1
      append(step, from: buffers[input], to: buffers[target])
      tap(
        block.tensors[index], buffers[target],
        count: step.geometry.outputShape.dropFirst().reduce(1, *))
      input = target
    }
    current = input
    guard let gate = block.gate else { return }
    let result = input == inner.0 ? inner.1 : inner.0
    steps.append(
      .gates(
        gate, of: block, shortcut: block.downsample?.output ?? plan.arithmetic.activations,
        memory: .init(
          input: buffers[input], shortcut: buffers[shortcut], result: buffers[result],
          scratch: scratch), count: count))
    tap(block.name, buffers[result], count: count)
    current = result
  }

  private func append(
    _ convolution: FusedConvolution, from input: AlignedBuffer, to output: AlignedBuffer
  ) {
    steps.append(.convolution(convolution, batch: batch, from: input, to: output, in: context))
  }

  /// Shows a tensor to who looks on, in single precision.
  private func tap(_ tensor: String, _ buffer: AlignedBuffer, count: Int) {
    if plan.arithmetic == .float32 { steps.append(.tap(tensor, buffer, count: count)) }
  }
}

extension FusedConvolution {
  /// Bytes of one image.
  var inputByteCount: Int {
    geometry.inputShape.dropFirst().reduce(1, *) * input.element.byteCount
  }

  /// Bytes of one image.
  var outputByteCount: Int {
    geometry.outputShape.dropFirst().reduce(1, *) * output.element.byteCount
  }
}
