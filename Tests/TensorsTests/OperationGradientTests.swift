import Tensors
import TestSupport
import Testing

/// Every differentiable operation against central differences, in double precision.
@Suite(.enabled(if: isDoublePrecision, "gradients are checked in the double-precision build"))
struct OperationGradientTests {
  static let cases: [Case] = [
    Case("add", [3, 4], [3, 4]) { $0[0] + $0[1] },
    Case("add a row", [3, 4], [4]) { $0[0] + $0[1] },
    Case("add a column", [3, 4], [3, 1]) { $0[0] + $0[1] },
    Case("outer sum", [2, 1, 4], [3, 1]) { $0[0] + $0[1] },
    Case("subtract", [3, 4], [1, 4]) { $0[0] - $0[1] },
    Case("multiply", [2, 3, 4], [3, 4]) { $0[0] * $0[1] },
    Case("multiply by itself", [3, 4]) { $0[0] * $0[0] },
    Case("multiply by a scalar tensor", [3, 4], []) { $0[0] * $0[1] },
    Case("divide", [3, 4], [3, 1]) { $0[0] / $0[1] },
    Case("affine", [3, 4]) { -($0[0] * 3 - 1) / 2 + 5 },
    Case("exp", [3, 4]) { $0[0].exp() },
    Case("log", [3, 4]) { $0[0].log() },
    Case("sqrt", [3, 4]) { $0[0].sqrt() },
    Case("square", [3, 4]) { $0[0].square() },
    Case("relu", [3, 4]) { ($0[0] - 0.9).relu() },
    Case("sigmoid", [3, 4]) { ($0[0] - 1).sigmoid() },
    Case("tanh", [3, 4]) { ($0[0] - 1).tanh() },
    Case("softplus", [3, 4]) { ($0[0] - 1).softplus() },
    Case("matmul", [3, 4], [4, 2]) { matmul($0[0], $0[1]) },
    Case("matmul, left transposed", [4, 3], [4, 2]) { matmul($0[0], $0[1], transposeA: true) },
    Case("matmul, right transposed", [3, 4], [2, 4]) { matmul($0[0], $0[1], transposeB: true) },
    Case("matmul, both transposed", [4, 3], [2, 4]) {
      matmul($0[0], $0[1], transposeA: true, transposeB: true)
    },
    Case("batched matmul", [2, 3, 4], [2, 4, 2]) { matmul($0[0], $0[1]) },
    Case("batched matmul, transposed", [2, 4, 3], [2, 2, 4]) {
      matmul($0[0], $0[1], transposeA: true, transposeB: true)
    },
    Case("linear", [2, 3, 4], [5, 4], [5]) { linear($0[0], $0[1], $0[2]) },
    Case("sum", [3, 4]) { $0[0].sum() },
    Case("mean", [3, 4]) { $0[0].mean() },
    Case("sum over the first axis", [3, 4, 2]) { $0[0].sum(axis: 0) },
    Case("sum over a middle axis", [3, 4, 2]) { $0[0].sum(axis: 1) },
    Case("mean over the last axis", [3, 4, 2]) { $0[0].mean(axis: -1) },
    Case("softmax", [3, 4]) { softmax($0[0]) },
    Case("masked softmax", [2, 3]) {
      softmax($0[0], mask: [true, false, true, true, true, false])
    },
    Case("log-softmax", [3, 4]) { logSoftmax($0[0]) },
    Case("log-softmax, masked: the finite elements", [2, 3]) {
      logSoftmax($0[0], mask: [true, false, true, true, true, false]).reshaped([6, 1])
        .gatherRows([0, 2, 3, 4])
    },
    Case("softmax cross-entropy", [2, 3]) {
      softmaxCrossEntropy(
        logits: $0[0], targets: [0.5, 0, 0.5, 0, 1, 0],
        mask: [true, true, true, true, true, false])
    },
    Case("softmax cross-entropy, a row masked out", [2, 3]) {
      softmaxCrossEntropy(
        logits: $0[0], targets: [0, 0, 0, 0.25, 0.75, 0],
        mask: [false, false, false, true, true, true])
    },
    Case("sigmoid cross-entropy", [4]) {
      sigmoidCrossEntropy(logits: $0[0], labels: [0, 1, 1, 0], weights: [1, 2, 0.5, 1])
    },
    Case("reshape", [3, 4]) { $0[0].reshaped([2, 6]).square() },
    Case("transpose", [2, 3, 4]) { $0[0].transposed() },
    Case("slice", [3, 4, 2]) { $0[0].slice(axis: 1, 1..<3) },
    Case("gather rows, one twice and one missing", [3, 4]) { $0[0].gatherRows([2, -1, 0, 2]) },
    Case("concatenate", [3, 2], [3, 4]) { concatenate([$0[0], $0[1], $0[0]], axis: 1) },
    Case("stack", [3, 2], [3, 2]) { stack([$0[0], $0[1]]) },
    Case("mean of segments, one empty", [4, 3]) { meanOfSegments($0[0], offsets: [0, 2, 2, 4]) },
    // A pass of a fixed seed draws the same mask every time.
    Case("dropout", [3, 4]) { dropout($0[0], rate: 0.4, Pass.training(seed: 8)) },
    Case("layer normalisation", [3, 4], [4], [4]) {
      layerNormalize($0[0], gain: $0[1], bias: $0[2])
    },
    Case("LSTM cell, hidden state", [2, 12], [2, 3]) {
      lstmCell(preactivations: $0[0], cell: $0[1]).hidden
    },
    Case("LSTM cell, cell state", [2, 12], [2, 3]) {
      lstmCell(preactivations: $0[0], cell: $0[1]).cell
    },
    Case("LSTM cell, both states", [2, 12], [2, 3]) {
      let next = lstmCell(preactivations: $0[0], cell: $0[1])
      return next.hidden * next.cell
    },
  ]

  @Test(arguments: cases + spatialCases + mapCases + segmentCases + recurrenceCases)
  func agreesWithCentralDifferences(_ example: Case) {
    let mismatch = checkGradients(of: example.function, at: example.inputs)
    #expect(mismatch.relativeError < 1e-6, "\(mismatch)")
  }
}
