import CDNNL

/// Rewrites tensors from one layout to another.
enum Reorder {
  static func run(
    _ source: UnsafeMutableRawPointer, _ sourceLayout: TensorLayout,
    to target: UnsafeMutableRawPointer, _ targetLayout: TensorLayout, in context: WorkerContext
  ) {
    let key = PrimitiveCache.Key.reorder(from: sourceLayout, to: targetLayout)
    let primitive = PrimitiveCache.shared.primitive(key) {
      Primitive.makeReorder(from: sourceLayout, to: targetLayout)
    }
    primitive.run(
      [
        .init(role: DNNL_ARG_FROM, layout: sourceLayout, data: source),
        .init(role: DNNL_ARG_TO, layout: targetLayout, data: target),
      ], in: context)
  }
}
