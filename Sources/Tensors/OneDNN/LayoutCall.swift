/// Runs a primitive over tensors as they lie, rewriting those that it wants in another layout.
struct LayoutCall {
  private struct Operand {
    let role: Int32
    let layout: TensorLayout
    let data: UnsafeMutableRawPointer
    let isResult: Bool
    /// Owns what is read and keeps copies of it in other layouts.
    var storage: TensorStorage?
  }

  private let primitive: Primitive
  private var operands: [Operand] = []

  init(_ primitive: Primitive) { self.primitive = primitive }

  mutating func read(_ role: Int32, _ shape: [Int], _ data: UnsafePointer<Float>) {
    read(role, shape, .plain, data)
  }

  mutating func read(
    _ role: Int32, _ shape: [Int], _ order: TensorLayout.Order, _ data: UnsafePointer<Float>
  ) {
    operands.append(
      Operand(
        role: role, layout: TensorLayout(shape, order),
        data: UnsafeMutableRawPointer(mutating: data), isResult: false))
  }

  /// Reads what other calls read too.
  mutating func read(
    _ role: Int32, _ shape: [Int], _ order: TensorLayout.Order, shared storage: TensorStorage
  ) {
    operands.append(
      Operand(
        role: role, layout: TensorLayout(shape, order), data: storage.pointer, isResult: false,
        storage: storage))
  }

  mutating func write(_ role: Int32, _ shape: [Int], _ data: UnsafeMutablePointer<Float>) {
    write(role, shape, .plain, data)
  }

  mutating func write(
    _ role: Int32, _ shape: [Int], _ order: TensorLayout.Order,
    _ data: UnsafeMutablePointer<Float>
  ) {
    operands.append(
      Operand(role: role, layout: TensorLayout(shape, order), data: data, isResult: true))
  }

  /// Passes memory that only oneDNN understands, such as the positions of a maximum.
  mutating func pass(_ role: Int32, _ buffer: AlignedBuffer) {
    operands.append(
      Operand(role: role, layout: primitive.layout(role), data: buffer.bytes, isResult: false))
  }

  func run() {
    WorkerContext.withBorrowed { context in
      var arguments: [Primitive.Argument] = []
      var borrowed: [(operand: Operand, buffer: AlignedBuffer, layout: TensorLayout)] = []
      for operand in operands {
        let wanted = primitive.layout(operand.role)
        if wanted == operand.layout {
          arguments.append(.init(role: operand.role, layout: wanted, data: operand.data))
          continue
        }
        func fill(_ target: UnsafeMutableRawPointer) {
          Reorder.run(operand.data, operand.layout, to: target, wanted, in: context)
        }
        let buffer: AlignedBuffer
        if let storage = operand.storage {
          buffer = storage.layouts.copy(wanted, fill)
        } else {
          buffer = AlignedBuffer(byteCount: wanted.byteCount)
          if !operand.isResult { fill(buffer.bytes) }
        }
        arguments.append(.init(role: operand.role, layout: wanted, data: buffer.bytes))
        borrowed.append((operand, buffer, wanted))
      }
      primitive.run(arguments, in: context)
      for (operand, buffer, layout) in borrowed where operand.isResult {
        Reorder.run(buffer.bytes, layout, to: operand.data, operand.layout, in: context)
      }
      withExtendedLifetime(borrowed) {}
    }
  }
}
