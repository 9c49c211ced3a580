/// Activations `[N, C, H, W]` in the blocked layout of this processor.
package enum Activations {
  /// Channels per block: `[N, C / channelBlock, H, W, channelBlock]`.
  package static var channelBlock: Int { Engine.channelBlock }

  /// Numbers in a blocked buffer of this shape, the last block padded with zero channels.
  package static func count(batch: Int, channels: Int, height: Int, width: Int) -> Int {
    let blocks = (channels + channelBlock - 1) / channelBlock
    return batch * blocks * channelBlock * height * width
  }

  /// Rewrites a row-major activation into blocks.
  package static func block(
    _ plain: UnsafePointer<Float>, shape: [Int], into blocked: UnsafeMutablePointer<Float>,
    in context: WorkerContext
  ) {
    Reorder.run(
      UnsafeMutableRawPointer(mutating: plain), TensorLayout(shape),
      to: blocked, TensorLayout(shape, .blocked(channelBlock)), in: context)
  }

  /// Rewrites a blocked activation row-major.
  package static func unblock(
    _ blocked: UnsafePointer<Float>, shape: [Int], into plain: UnsafeMutablePointer<Float>,
    in context: WorkerContext
  ) {
    Reorder.run(
      UnsafeMutableRawPointer(mutating: blocked), TensorLayout(shape, .blocked(channelBlock)),
      to: plain, TensorLayout(shape), in: context)
  }
}
