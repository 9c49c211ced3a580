import CDNNL

/// A compiled oneDNN operation. It may run on many threads at once, each with its own context.
final class Primitive: @unchecked Sendable {
  struct Argument {
    let role: Int32
    let layout: TensorLayout
    let data: UnsafeMutableRawPointer
  }

  private let primitive: dnnl_primitive_t
  private let description: dnnl_primitive_desc_t
  private let scratchpad: TensorLayout

  /// What is done to the result while it is still in registers.
  struct Fusion {
    /// One factor for each output channel, ahead of everything else.
    var scales: [Float] = []
    /// What the earlier contents of the output are multiplied by before they are added.
    var sum: Float?
    /// What the earlier contents are, where they differ from the result; as many bytes wide.
    var sumElement: ElementType?
    var rectifies = false
  }

  /// Compiles the operation that the C descriptor `operation` describes.
  ///
  /// - Parameter hint: The forward primitive of which this one is the backward pass.
  /// - Returns: nil where oneDNN has no implementation for this processor.
  static func make(
    _ operation: UnsafeRawPointer, fusion: Fusion = Fusion(), hint: Primitive? = nil
  ) -> Primitive? {
    Engine.creating {
      let attributes = makeAttributes(fusion)
      defer { dnnl_primitive_attr_destroy(attributes) }
      var description: dnnl_primitive_desc_t?
      let status = dnnl_primitive_desc_create(
        &description, operation, attributes, Engine.cpu, hint?.description)
      guard status == dnnl_success, let description else { return nil }
      return Primitive(compiling: description)
    }
  }

  /// Compiles the operation that rewrites a tensor from one layout to another.
  ///
  /// - Returns: nil where oneDNN cannot.
  static func makeReorder(from source: TensorLayout, to target: TensorLayout) -> Primitive? {
    Engine.creating {
      let attributes = makeAttributes(Fusion())
      defer { dnnl_primitive_attr_destroy(attributes) }
      var description: dnnl_primitive_desc_t?
      let status = withUnsafePointer(to: source.descriptor) { source in
        withUnsafePointer(to: target.descriptor) { target in
          dnnl_reorder_primitive_desc_create(
            &description, source, Engine.cpu, target, Engine.cpu, attributes)
        }
      }
      guard status == dnnl_success, let description else { return nil }
      return Primitive(compiling: description)
    }
  }

  private static func makeAttributes(_ fusion: Fusion) -> dnnl_primitive_attr_t? {
    var attributes: dnnl_primitive_attr_t?
    check(dnnl_primitive_attr_create(&attributes), "creating attributes")
    check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
      "choosing the scratchpad")
    if !fusion.scales.isEmpty {
      check(
        dnnl_primitive_attr_set_output_scales(
          attributes, dnnl_dim_t(fusion.scales.count), 1 << 1, fusion.scales),
        "fusing the scales of channels")
    }
    guard fusion.sum != nil || fusion.rectifies else { return attributes }
    var steps: dnnl_post_ops_t?
    check(dnnl_post_ops_create(&steps), "creating post-operations")
    defer { dnnl_post_ops_destroy(steps) }
    if let scale = fusion.sum {
      let element = fusion.sumElement?.name ?? dnnl_data_type_undef
      check(dnnl_post_ops_append_sum_v2(steps, scale, element), "fusing a sum")
    }
    if fusion.rectifies {
      check(dnnl_post_ops_append_eltwise(steps, 1, dnnl_eltwise_relu, 0, 0), "fusing a ReLU")
    }
    check(dnnl_primitive_attr_set_post_ops(attributes, steps), "fusing post-operations")
    return attributes
  }

  private init?(compiling description: dnnl_primitive_desc_t) {
    var primitive: dnnl_primitive_t?
    guard dnnl_primitive_create(&primitive, description) == dnnl_success, let primitive else {
      dnnl_primitive_desc_destroy(description)
      return nil
    }
    self.primitive = primitive
    self.description = description
    scratchpad = Self.layout(of: description, Int32(DNNL_ARG_SCRATCHPAD))
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(description)
  }

  /// The layout in which the primitive takes or leaves the argument of this role.
  func layout(_ role: Int32) -> TensorLayout { Self.layout(of: description, role) }

  private static func layout(
    of description: dnnl_primitive_desc_t, _ role: Int32
  ) -> TensorLayout {
    guard
      let layout = dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, role)
    else { preconditionFailure("this oneDNN primitive takes no argument \(role)") }
    return TensorLayout(layout.pointee)
  }

  /// Bytes of scratch memory that a run needs.
  var scratchpadByteCount: Int { scratchpad.byteCount }

  /// Computes on the calling thread.
  func run(_ arguments: [Argument], in context: WorkerContext) {
    bind(arguments, in: context).run()
  }

  /// Ties the primitive to the memory it works on, which must outlive the result.
  func bind(_ arguments: [Argument], in context: WorkerContext) -> BoundPrimitive {
    var arguments = arguments
    let byteCount = scratchpad.byteCount
    if byteCount > 0 {
      let data = context.scratchpad(byteCount: byteCount)
      arguments.append(.init(role: Int32(DNNL_ARG_SCRATCHPAD), layout: scratchpad, data: data))
    }
    return BoundPrimitive(self, arguments, in: context)
  }

  func execute(_ arguments: [dnnl_exec_arg_t], on stream: dnnl_stream_t) {
    WorkerThread.limitToOneThread()
    check(
      dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments),
      "running a primitive")
    check(dnnl_stream_wait(stream), "waiting for a primitive")
  }
}
