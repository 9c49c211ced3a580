import Rankers
import Tensors
import TestSupport
import Testing

@Suite struct FactorizationMachineTests {
  /// Vectors (1,2), (3,-1), (½,½) times 1, 2, -1.
  @Test func golden() {
    let fields = Tensor([1, 2, 6, -2, -0.5, -0.5], shape: [1, 3, 2])
    #expect(pairwiseInteractions(fields).scalars == [-1.5])
  }

  @Test(arguments: [1, 2, 5, 26], [1, 3, 8, 17])
  func equalsTheDoubleLoop(fields: Int, width: Int) {
    var random = RandomStream(seed: UInt64(fields * 100 + width))
    let count = 4
    let values = Tensor(normal: 1, shape: [count, fields, width], random: &random)
    let scalars = values.scalars.map { Double($0) }
    let expected = (0..<count).map { row in
      var sum = 0.0
      for i in 0..<fields {
        for j in i + 1..<max(fields, i + 1) {
          for l in 0..<width {
            sum +=
              scalars[(row * fields + i) * width + l] * scalars[(row * fields + j) * width + l]
          }
        }
      }
      return sum
    }
    let found = pairwiseInteractions(values).scalars
    let scale = expected.reduce(1) { max($0, abs($1)) }
    #expect(maximumDifference(found, expected) < 1e-5 * scale)
  }

  @Test func gradient() {
    var random = RandomStream(seed: 5)
    let fields = Tensor(normal: 1, shape: [3, 4, 5], random: &random)
    let mismatch = checkGradients(
      of: { pairwiseInteractions($0[0]) }, at: [fields], step: isDoublePrecision ? 1e-5 : 1e-2)
    #expect(mismatch.relativeError < (isDoublePrecision ? 1e-8 : 1e-2), "\(mismatch)")
  }
}
