import Tensors
import Testing

@Suite struct MatrixMultiplicationTests {
  @Test func columnsOfALayerAddUpToTheWhole() {
    var random = RandomStream(seed: 4)
    let x = Tensor(normal: 1, shape: [5, 9], random: &random)
    let weight = Tensor(normal: 1, shape: [7, 9], random: &random)
    var sums = Tensor(repeating: 0.5, shape: [5, 7])
    for columns in [0..<2, 2..<2, 2..<8, 8..<9] {
      sums.addProduct(x.slice(axis: 1, columns), weight, columns: columns)
    }
    let whole = matmul(x, weight, transposeB: true) + 0.5
    for (a, b) in zip(sums.scalars, whole.scalars) { #expect(abs(a - b) < 1e-5) }
  }
}
