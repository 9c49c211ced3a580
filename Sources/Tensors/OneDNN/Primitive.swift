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
    var addsToOutput = false
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
    guard fusion.addsToOutput || fusion.rectifies else { return attributes }
    var steps: dnnl_post_ops_t?
    check(dnnl_post_ops_create(&steps), "creating post-operations")
    defer { dnnl_post_ops_destroy(steps) }
    if fusion.addsToOutput { check(dnnl_post_ops_append_sum(steps, 1), "fusing a sum") }
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

  /// Computes on the calling thread.
  func run(_ arguments: [Argument], in context: WorkerContext) {
    WorkerThread.limitToOneThread()
    var bound: [dnnl_exec_arg_t] = []
    bound.reserveCapacity(arguments.count + 1)
    defer { for argument in bound { dnnl_memory_destroy(argument.memory) } }
    for argument in arguments {
      bound.append(Self.bind(argument.role, argument.layout, argument.data))
    }
    let byteCount = scratchpad.byteCount
    if byteCount > 0 {
      bound.append(
        Self.bind(
          Int32(DNNL_ARG_SCRATCHPAD), scratchpad, context.scratchpad(byteCount: byteCount)))
    }
    check(
      dnnl_primitive_execute(primitive, context.stream, Int32(bound.count), bound),
      "running a primitive")
    check(dnnl_stream_wait(context.stream), "waiting for a primitive")
  }

  private static func bind(
    _ role: Int32, _ layout: TensorLayout, _ data: UnsafeMutableRawPointer
  ) -> dnnl_exec_arg_t {
    var memory: dnnl_memory_t?
    withUnsafePointer(to: layout.descriptor) {
      check(dnnl_memory_create(&memory, $0, Engine.cpu, data), "binding argument \(role)")
    }
    return dnnl_exec_arg_t(arg: role, memory: memory)
  }
}
