import Tensors
import Testing

extension OperationGradientTests {
  /// A named operation and the inputs to check it at.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let inputs: [Tensor]
    let function: @Sendable ([Tensor]) -> Tensor

    init(_ name: String, _ shapes: Shape..., function: @escaping @Sendable ([Tensor]) -> Tensor) {
      testDescription = name
      var random = RandomStream(seed: 3)
      // Away from 0, where ReLU has its kink and division blows up; positive for log and sqrt.
      inputs = shapes.map { shape in
        Tensor(shape: shape) { out in
          for index in out.indices { out[index] = 0.3 + 1.2 * random.nextUniform() }
        }
      }
      self.function = function
    }
  }
}
