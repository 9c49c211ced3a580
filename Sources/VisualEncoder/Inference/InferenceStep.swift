import CKernels
import Tensors

/// One step of a segment, tied to the memory it works on.
struct InferenceStep {
  /// Takes the category rows of the images that are there, and who looks on.
  let run: ([Int], InferenceWorkspace.Observer?) -> Void

  /// A convolution that takes fewer images than the segment runs several times, but not for images
  /// that are not there.
  static func convolution(
    _ convolution: FusedConvolution, batch: Int, from input: AlignedBuffer,
    to output: AlignedBuffer, in context: WorkerContext
  ) -> InferenceStep {
    let size = convolution.geometry.batch
    let bound = (0..<batch / size).map {
      convolution.bind(
        input: input.bytes + $0 * size * convolution.inputByteCount,
        output: output.bytes + $0 * size * convolution.outputByteCount, in: context)
    }
    return InferenceStep { categories, _ in
      withExtendedLifetime((input, output)) {
        for part in bound.prefix((categories.count + size - 1) / size) { part.run() }
      }
    }
  }

  /// The maximum of 3x3 windows over what the stem leaves.
  static func pooling(
    _ stem: FusedConvolution, batch: Int, from input: AlignedBuffer, to output: AlignedBuffer
  ) -> InferenceStep {
    let shape = stem.geometry
    let (height, width, channels) = (shape.outputHeight, shape.outputWidth, shape.outputChannels)
    let pooled = ((height - 1) / 2 + 1) * ((width - 1) / 2 + 1) * channels
    return InferenceStep { categories, _ in
      for image in categories.indices {
        let from = input.bytes + image * stem.outputByteCount
        let to = output.bytes + image * pooled * stem.output.element.byteCount
        switch stem.output.element {
        case .bfloat16:
          vitrine_channels_last_max_pool_bfloat16(
            height, width, channels, from.assumingMemoryBound(to: UInt16.self),
            to.assumingMemoryBound(to: UInt16.self))
        case .unsigned8, .signed8:
          vitrine_channels_last_max_pool_unsigned8(
            height, width, channels, from.assumingMemoryBound(to: UInt8.self),
            to.assumingMemoryBound(to: UInt8.self))
        case .float32:
          let lanes = Activations.channelBlock
          vitrine_blocked_max_pool(
            channels / lanes, height, width, lanes, from.assumingMemoryBound(to: Float.self),
            to.assumingMemoryBound(to: Float.self))
        }
      }
    }
  }

  /// Makes floats of a shortcut, for a sum that stays in floats.
  static func widening(
    _ element: ElementType, scale: Float, count: Int, from input: AlignedBuffer,
    to output: AlignedBuffer
  ) -> InferenceStep {
    InferenceStep { _, _ in
      vitrine_widen(count, element.code, scale, input.bytes, output.floats)
    }
  }

  /// What the gates of a block read and write.
  struct GateMemory {
    let input: AlignedBuffer
    let shortcut: AlignedBuffer
    let result: AlignedBuffer
    let scratch: AlignedBuffer
  }

  /// Gates, shortcut and ReLU in one pass.
  /// - Parameter count: Numbers of one image.
  static func gates(
    _ gate: GateTables, of block: InferencePlan.Block, shortcut: ActivationFormat,
    memory: GateMemory, count: Int
  ) -> InferenceStep {
    let (from, to) = (shortcut.element, block.output.element)
    let place = gate.spatialGates
    return InferenceStep { categories, observer in
      for (image, row) in categories.enumerated() {
        gate.apply(
          row: row, input: memory.input.floats + image * count,
          residual: vitrine_residual(
            shortcut: memory.shortcut.bytes + image * count * from.byteCount,
            shortcut_element: from.code, shortcut_scale: block.inputScale,
            result: memory.result.bytes + image * count * to.byteCount, result_element: to.code,
            result_units: 1 / block.outputScale),
          scratch: memory.scratch.floats)
        guard let observer else { continue }
        let values = UnsafeBufferPointer(
          start: memory.scratch.floats + place.offset, count: place.height * place.width)
        observer.spatialGates(
          block.name, image,
          .init(height: place.height, width: place.width, values: Array(values)))
      }
    }
  }

  /// - Parameter count: Numbers of one image.
  static func tap(_ tensor: String, _ buffer: AlignedBuffer, count: Int) -> InferenceStep {
    InferenceStep { categories, observer in
      observer?.tensor(
        tensor, UnsafeBufferPointer(start: buffer.floats, count: count * categories.count))
    }
  }
}

extension ElementType {
  /// The same in C, for what passes between convolutions.
  fileprivate var code: vitrine_element {
    switch self {
    case .float32: vitrine_float32
    case .bfloat16: vitrine_bfloat16
    case .unsigned8: vitrine_unsigned8
    case .signed8: preconditionFailure("only a sum inside a convolution reads signed bytes")
    }
  }
}
