import Foundation
import Tensors
import Testing

/// Values of operations against plain loops and known answers.
struct OperationTests {
  @Test func elementaryFunctionsAreAccurateOverTheWholeRange() {
    let inputs = stride(from: Scalar(-90), through: 90, by: 0.037).map { $0 }
    let x = Tensor(inputs)
    for (index, value) in inputs.enumerated() {
      let v = Double(value)
      let sigmoid = 1 / (1 + exp(-v))
      #expect(abs(Double(x.sigmoid().span[index]) - sigmoid) <= 3e-7 * max(sigmoid, 1e-30) + 1e-37)
      #expect(abs(Double(x.tanh().span[index]) - tanh(v)) <= 3e-7 * abs(tanh(v)) + 1e-37)
      if abs(v) < 86 {
        #expect(abs(Double(x.exp().span[index]) - exp(v)) <= 3e-7 * exp(v))
      }
    }
  }

  @Test func tinyHyperbolicTangentsKeepTheirDigits() {
    for value in [Scalar(1e-6), 1e-3, 0.05, 0.19, 0.2, 0.21] {
      let result = Double(Tensor([value, -value]).tanh().span[0])
      #expect(abs(result - tanh(Double(value))) <= 4e-7 * Double(value))
    }
  }

  @Test func softmaxMasksExactly() {
    let x = Tensor([1, 100, 3, 5, 6, 7], shape: [2, 3])
    let p = softmax(x, mask: [true, false, true, false, false, false]).scalars
    #expect(p[1] == 0 && p[3...] == [0, 0, 0])
    #expect(abs(p[0] + p[2] - 1) < 1e-6)
    #expect(logSoftmax(x, mask: [true, false, true, true, true, true]).scalars[1] == -.infinity)
  }

  @Test func softmaxSurvivesHugeLogits() {
    let p = softmax(Tensor([1e30, -1e30, 1e30], shape: [1, 3])).scalars
    #expect(p == [0.5, 0, 0.5])
  }

  @Test(arguments: [1, 7, 16, 33])
  func noFunctionHidesNaN(count: Int) {
    for place in 0..<count {
      var x = Tensor(repeating: 0.5, shape: [count])
      x.withMutableSpan { $0[place] = .nan }
      for y in [
        x.exp(), x.log(), x.sqrt(), x.square(), x.relu(), x.sigmoid(), x.tanh(), x.softplus(),
      ] {
        #expect(y.scalars.indices.allSatisfy { y.scalars[$0].isNaN == ($0 == place) })
      }
      #expect(softmax(x).scalars.allSatisfy(\.isNaN) && logSoftmax(x).scalars.allSatisfy(\.isNaN))
    }
  }

  @Test func rectifierCutsAtZero() {
    let x = Parameter(Tensor([-2, 0, 3, .nan]))
    let pass = Pass.training(seed: 0)
    let y = pass.read(x).relu()
    #expect(Array(y.scalars.prefix(3)) == [0, 0, 3])
    let gradient = pass.gradients(of: (y * Tensor([5, 5, 5, 5])).sum()).dense(x).scalars
    #expect(gradient == [0, 0, 5, 5])
  }

  /// Only what is masked out entirely is empty; a row without a number is a fault.
  @Test(arguments: [Scalar.nan, -.infinity])
  func softmaxOfNothingIsNaN(_ value: Scalar) {
    let x = Tensor([value, value, 1, value, value, value], shape: [2, 3])
    let mask = [true, true, false, false, false, false]
    let p = softmax(x, mask: mask).scalars
    #expect(p[0].isNaN && p[1].isNaN && Array(p[2...]) == [0, 0, 0, 0])
    let l = logSoftmax(x, mask: mask).scalars
    #expect(l[0].isNaN && l[1].isNaN && l[2...].allSatisfy { $0 == -.infinity })
    #expect(softmax(Tensor([value, value])).scalars.allSatisfy { $0.isNaN })
    #expect(logSoftmax(Tensor([value, value])).scalars.allSatisfy { $0.isNaN })
  }

  @Test func crossEntropyMatchesTheDefinition() {
    let loss = sigmoidCrossEntropy(logits: Tensor([0, 2]), labels: [1, 0]).item()
    #expect(abs(Double(loss) - (log(2) + log1p(exp(2))) / 2) < 1e-6)
    // Confident and right, confident and wrong: neither overflows.
    #expect(sigmoidCrossEntropy(logits: Tensor([200, -200]), labels: [1, 0]).item() < 1e-30)
    #expect(sigmoidCrossEntropy(logits: Tensor([-200]), labels: [1]).item() == 200)
  }

  @Test(arguments: [1, 31, 32, 33, 100, 1000])
  func reductionsEqualAPlainLoop(count: Int) {
    var random = RandomStream(seed: UInt64(count))
    let x = Tensor(uniform: 1, shape: [count], random: &random)
    let expected = x.scalars.reduce(0.0) { $0 + Double($1) }
    #expect(abs(Double(x.sum().item()) - expected) < 1e-5 * Double(count).squareRoot())
  }

  @Test func broadcastingEqualsAPlainLoop() {
    var random = RandomStream(seed: 1)
    let a = Tensor(uniform: 1, shape: [2, 3, 1, 5], random: &random)
    let b = Tensor(uniform: 1, shape: [4, 1], random: &random)
    let sum = a - b
    #expect(sum.shape == [2, 3, 4, 5])
    for i in 0..<6 {
      for j in 0..<4 {
        for k in 0..<5 {
          #expect(sum.scalars[(i * 4 + j) * 5 + k] == a.scalars[i * 5 + k] - b.scalars[j])
        }
      }
    }
  }

  @Test func matrixProductsEqualAPlainLoop() {
    var random = RandomStream(seed: 2)
    let a = Tensor(uniform: 1, shape: [2, 7, 5], random: &random)
    let b = Tensor(uniform: 1, shape: [2, 5, 3], random: &random)
    let c = matmul(a, b).scalars
    for batch in 0..<2 {
      for m in 0..<7 {
        for n in 0..<3 {
          var sum: Scalar = 0
          for k in 0..<5 {
            sum += a.scalars[batch * 35 + m * 5 + k] * b.scalars[batch * 15 + k * 3 + n]
          }
          #expect(abs(c[batch * 21 + m * 3 + n] - sum) < 1e-6)
        }
      }
    }
    for other in [
      matmul(a.transposed(), b, transposeA: true), matmul(a, b.transposed(), transposeB: true),
      matmul(a.transposed(), b.transposed(), transposeA: true, transposeB: true),
    ] {
      #expect(zip(other.scalars, c).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func valuesAreIndependent() {
    let original = Tensor([1, 2, 3])
    var copy = original
    copy.withMutableSpan { $0[0] = 9 }
    #expect(original.scalars == [1, 2, 3] && copy.scalars == [9, 2, 3])
  }

  @Test func finitenessSeesEveryElement() {
    #expect(Tensor([1, -3, 1e30, 1e30]).isFinite)
    #expect(!Tensor([1, .nan]).isFinite && !Tensor([.infinity, -.infinity]).isFinite)
  }
}
