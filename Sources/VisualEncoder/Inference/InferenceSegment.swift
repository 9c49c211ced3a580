import CKernels
import Tensors

/// Consecutive blocks of a plan tied to the memory of one worker: a list of steps, each of which
/// knows its buffers.
final class InferenceSegment {
  /// One pass: the category rows of the images given.
  typealias Body = ([Int], InferenceWorkspace.Observer?) -> Void

  private let plan: InferencePlan
  /// Images that the buffers hold.
  let batch: Int
  private let context = WorkerContext()
  /// The input of a block, what is between its convolutions (two), and its shortcut.
  private let buffers: [AlignedBuffer]
  private let scratch: AlignedBuffer
  private var steps: [Body] = []
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
      appendPooling(stem)
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
    for step in steps { step(categories, observer) }
  }

  private func append(
    _ convolution: FusedConvolution, from input: AlignedBuffer, to output: AlignedBuffer
  ) {
    // A convolution that takes fewer images than the segment runs several times, but not for images
    // that are not there.
    let size = convolution.geometry.batch
    let bound = (0..<batch / size).map {
      convolution.bind(
        input: input.bytes + $0 * size * convolution.inputByteCount,
        output: output.bytes + $0 * size * convolution.outputByteCount, in: context)
    }
    steps.append { categories, _ in
      for part in bound.prefix((categories.count + size - 1) / size) { part.run() }
    }
  }

  /// Shows a tensor to who looks on.
  private func appendTap(_ tensor: String, _ buffer: AlignedBuffer, count: Int) {
    guard plan.arithmetic == .float32 else { return }
    steps.append { categories, observer in
      observer?.tensor(
        tensor, UnsafeBufferPointer(start: buffer.floats, count: count * categories.count))
    }
  }

  private func appendPooling(_ stem: AlignedBuffer) {
    let shape = plan.stem.geometry
    let (height, width, channels) = (
      shape.outputHeight, shape.outputWidth, shape.outputChannels
    )
    let output = buffers[0].bytes
    let pooled = ((height - 1) / 2 + 1) * ((width - 1) / 2 + 1) * channels
    let (batch, element) = (batch, plan.stem.output.element)
    steps.append { _, _ in
      let input = stem.bytes
      guard element != .float32 else {
        let lanes = Activations.channelBlock
        return vitrine_blocked_max_pool(
          batch * channels / lanes, height, width, lanes,
          input.assumingMemoryBound(to: Float.self), output.assumingMemoryBound(to: Float.self))
      }
      for image in 0..<batch {
        let from = input + image * height * width * channels * element.byteCount
        let to = output + image * pooled * element.byteCount
        if element == .bfloat16 {
          vitrine_channels_last_max_pool_bfloat16(
            height, width, channels, from.assumingMemoryBound(to: UInt16.self),
            to.assumingMemoryBound(to: UInt16.self))
        } else {
          vitrine_channels_last_max_pool_unsigned8(
            height, width, channels, from.assumingMemoryBound(to: UInt8.self),
            to.assumingMemoryBound(to: UInt8.self))
        }
      }
    }
    appendTap(ResidualBlock.Step.stem.convolution, buffers[0], count: pooled)
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
      appendTap("\(block.name).downsample.0", buffers[shortcut], count: count)
    } else if block.gate == nil, block.output.element != plan.arithmetic.activations.element {
      shortcut = free[2]
      appendWidening(block, from: buffers[current], to: buffers[shortcut], count: count)
    }
    var input = current
    for (index, step) in block.steps.enumerated() {
      let isLast = index == block.steps.count - 1
      let target =
        isLast && block.gate == nil ? shortcut : index.isMultiple(of: 2) ? inner.0 : inner.1
      append(step, from: buffers[input], to: buffers[target])
      appendTap(
        block.tensors[index], buffers[target],
        count: step.geometry.outputShape.dropFirst().reduce(1, *))
      input = target
    }
    current = input
    guard let gate = block.gate else { return }
    let result = input == inner.0 ? inner.1 : inner.0
    append(
      gate, of: block, input: buffers[input], shortcut: buffers[shortcut],
      result: buffers[result], count: count)
    appendTap(block.name, buffers[result], count: count)
    current = result
  }

  private func appendWidening(
    _ block: InferencePlan.Block, from input: AlignedBuffer, to output: AlignedBuffer, count: Int
  ) {
    let element = plan.arithmetic.activations.element.code
    let total = count * batch
    steps.append { _, _ in
      vitrine_widen(total, element, block.inputScale, input.bytes, output.floats)
    }
  }

  private func append(
    _ gate: GateTables, of block: InferencePlan.Block, input: AlignedBuffer,
    shortcut: AlignedBuffer, result: AlignedBuffer, count: Int
  ) {
    let from = block.downsample?.output.element ?? plan.arithmetic.activations.element
    let to = block.output.element
    let scratch = scratch
    steps.append { categories, observer in
      for (image, row) in categories.enumerated() {
        gate.apply(
          row: row, input: input.floats + image * count,
          residual: vitrine_residual(
            shortcut: shortcut.bytes + image * count * from.byteCount,
            shortcut_element: from.code, shortcut_scale: block.inputScale,
            result: result.bytes + image * count * to.byteCount, result_element: to.code,
            result_units: 1 / block.outputScale),
          scratch: scratch.floats)
        if let observer {
          let place = gate.spatialGates
          let values = UnsafeBufferPointer(
            start: scratch.floats + place.offset, count: place.height * place.width)
          observer.spatialGates(
            block.name, image,
            .init(height: place.height, width: place.width, values: Array(values)))
        }
      }
    }
  }
}

extension ElementType {
  /// The same in C, for what the gates read and write.
  fileprivate var code: vitrine_element {
    switch self {
    case .float32: vitrine_float32
    case .bfloat16: vitrine_bfloat16
    case .unsigned8: vitrine_unsigned8
    case .signed8: preconditionFailure("no gate reads signed bytes")
    }
  }
}

extension FusedConvolution {
  /// Bytes of one image.
  fileprivate var inputByteCount: Int {
    geometry.inputShape.dropFirst().reduce(1, *) * input.element.byteCount
  }

  /// Bytes of one image.
  fileprivate var outputByteCount: Int {
    geometry.outputShape.dropFirst().reduce(1, *) * output.element.byteCount
  }
}
