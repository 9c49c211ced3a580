import Tensors

extension OperationGradientTests {
  private static let pairs = RowPairs(left: [0, 0, 2, 1, 2], right: [1, 3, 3, 0, 3])

  /// Operations over consecutive rows and over pairs of rows.
  static let segmentCases: [Case] = [
    Case("softmax of segments, one empty, one of one", [6]) {
      segmentSoftmax($0[0], offsets: [0, 3, 3, 4, 6])
    },
    Case("sums of segments, one empty", [5, 3]) { segmentSum($0[0], offsets: [0, 2, 2, 5]) },
    Case("weighted sums of rows, one twice, one never", [5], [4, 3]) {
      segmentSum($0[0], of: $0[1], rows: [2, 0, 2, 1, 2], offsets: [0, 2, 2, 5])
    },
    Case("sums of pairs", [3, 4], [4, 4]) { pairs.sums($0[0], $0[1]) },
    Case("products of pairs", [3, 4], [4, 4]) { pairs.products($0[0], $0[1]) },
    Case("products of pairs of one matrix", [4, 3]) {
      RowPairs(left: [0, 1, 3], right: [1, 1, 2]).products($0[0], $0[0])
    },
  ]
}
