import CKernels
import Images
import Tensors

/// Turns the pixels of a slice into what the first convolution of a plan reads.
struct InferenceInput {
  let buffer: AlignedBuffer
  private let arithmetic: Arithmetic
  private let side: Int
  private let conversion: PlaneConversion
  /// Bytes of one image.
  private let stride: Int

  init(_ plan: InferencePlan) {
    arithmetic = plan.arithmetic
    side = plan.side
    conversion = PlaneConversion(plan.normalization)
    let shape = plan.stem.geometry
    stride = 3 * shape.height * shape.width * plan.stem.input.element.byteCount
    buffer = AlignedBuffer(byteCount: plan.slice * stride)
    buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0, count: buffer.byteCount)
    guard arithmetic != .float32 else { return }
    let fill = plan.normalization.fill
    let count = plan.slice * stride / plan.stem.input.element.byteCount
    for index in 0..<count {
      if arithmetic == .bfloat16 {
        buffer.bytes.storeBytes(
          of: UInt16(Float(fill[index % 3]).bitPattern >> 16), toByteOffset: 2 * index,
          as: UInt16.self)
      } else {
        buffer.bytes.storeBytes(of: fill[index % 3], toByteOffset: index, as: UInt8.self)
      }
    }
  }

  /// - Parameter pixels: `[side, side, 3]`.
  func fill(_ index: Int, from pixels: UnsafeBufferPointer<UInt8>) {
    let target = buffer.bytes + index * stride
    let padding = PlanCompiler.stemPadding
    switch arithmetic {
    case .float32:
      conversion.run(
        pixels,
        into: UnsafeMutableBufferPointer(
          start: target.assumingMemoryBound(to: Float.self), count: 3 * side * side))
    case .bfloat16:
      vitrine_place_pixels_bfloat16(
        side, padding, pixels.baseAddress, target.assumingMemoryBound(to: UInt16.self))
    case .int8:
      vitrine_place_pixels(
        side, padding, pixels.baseAddress, target.assumingMemoryBound(to: UInt8.self))
    }
  }
}
