import Tensors

extension OperationGradientTests {
  /// Five lists of 3, 1, 0, 3 and 2 events.
  static let lists = PackedLists(offsets: [0, 3, 4, 4, 7, 9])

  static let recurrenceCases: [Case] = [
    Case("LSTM over lists", [9, 2], [12, 2], [12], [12, 3]) {
      lstmSequence(
        [GateInput($0[0], $0[1] - 1)], bias: $0[2] - 1, recurrentWeight: $0[3] - 1, lists: lists
      ).hidden
    },
    Case(
      "LSTM over lists, two inputs, from given states", [9, 2], [12, 2], [9, 1], [3, 1], [12, 3]
    ) {
      lstmSequence(
        [GateInput($0[0], $0[1] - 1), GateInput($0[2], $0[3], column: 6)],
        bias: Tensor(repeating: 0.1, shape: [12]), recurrentWeight: $0[4] - 1, lists: lists,
        initial: (
          Tensor(repeating: 0.3, shape: [5, 3]), Tensor(repeating: -0.7, shape: [5, 3])
        )
      ).hidden
    },
    Case("Time-LSTM over lists", [9, 2], [18, 2], [18], [12, 3]) {
      lstmSequence(
        [GateInput($0[0], $0[1] - 1)], bias: $0[2] - 1, recurrentWeight: $0[3] - 1, lists: lists
      ).hidden
    },
    Case("GRU over lists", [9, 2], [9, 2], [9], [9, 3], [3]) {
      gruSequence(
        [GateInput($0[0], $0[1] - 1)], bias: $0[2] - 1, recurrentWeight: $0[3] - 1,
        candidateBias: $0[4] - 1, lists: lists)
    },
    Case("GRU over lists, from given states", [9, 2], [9, 2], [9], [9, 3], [3]) {
      gruSequence(
        [GateInput($0[0], $0[1] - 1)], bias: $0[2] - 1, recurrentWeight: $0[3] - 1,
        candidateBias: $0[4] - 1, lists: lists, initial: Tensor(repeating: 0.4, shape: [5, 3]))
    },
    Case("maximum of segments, one empty", [5, 3]) {
      maximumOfSegments($0[0], offsets: [0, 2, 2, 5])
    },
  ]
}
