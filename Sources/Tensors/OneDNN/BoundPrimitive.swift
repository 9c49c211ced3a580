import CDNNL

/// A primitive tied to the memory it works on, so that running it allocates nothing.
package final class BoundPrimitive {
  private let primitive: Primitive
  private let context: WorkerContext
  private let arguments: [dnnl_exec_arg_t]
  /// A context replaces its scratchpad by a larger one for those who come later.
  private let scratchpad: AlignedBuffer

  init(_ primitive: Primitive, _ arguments: [Primitive.Argument], in context: WorkerContext) {
    self.primitive = primitive
    self.context = context
    scratchpad = context.scratchpad
    self.arguments = arguments.map { argument in
      var memory: dnnl_memory_t?
      withUnsafePointer(to: argument.layout.descriptor) {
        check(
          dnnl_memory_create(&memory, $0, Engine.cpu, argument.data),
          "binding argument \(argument.role)")
      }
      return dnnl_exec_arg_t(arg: argument.role, memory: memory)
    }
  }

  deinit { for argument in arguments { dnnl_memory_destroy(argument.memory) } }

  /// Computes on the calling thread, one at a time for each context.
  package func run() { primitive.execute(arguments, on: context.stream) }
}
