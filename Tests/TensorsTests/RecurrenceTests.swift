import Tensors
import Testing

@Suite struct RecurrenceTests {
  @Test func packedListsRunTheLongestFirstAndNothingElse() {
    let lists = PackedLists(offsets: [0, 1, 1, 4, 6])
    #expect(lists.order == [2, 3, 0, 1])
    #expect(lists.events == [1, 4, 0, 2, 5, 3])
    #expect(lists.positions.map { lists.events[Int($0)] } == [0, 1, 2, 3, 4, 5])
    #expect(lists.lastRows == [2, -1, 5, 4])
    #expect(lists.stepCount == 3)
    let none = PackedLists(offsets: [0, 0, 0])
    #expect(none.stepCount == 0 && none.lastRows == [-1, -1])
  }

  private func ones(_ shape: Shape, _ value: Scalar = 1) -> Tensor {
    Tensor(repeating: value, shape: shape)
  }

  /// The golden of a Time-LSTM of width 1: all weights 0.5, gaps of 2 and 3 days.
  @Test func aTimeLSTMStepEqualsTheEquations() {
    let interval = (ones([1, 1], 0.5) * Tensor(scalar: 2).log()).tanh()
    let recency = (ones([1, 1], 0.5) * Tensor(scalar: 3).log()).tanh()
    #expect(abs(interval.item() - 1 / 3) < 1e-6 && abs(recency.item() - 0.5) < 1e-6)
    let half = ones([1, 1], 0.5)
    let states = lstmSequence(
      [
        GateInput(ones([1, 1]), ones([6, 1], 0.5)),
        GateInput(interval, half, column: 3), GateInput(interval, half, column: 4),
        GateInput(recency, half, column: 3), GateInput(recency, half, column: 5),
      ],
      bias: Tensor([0, 1, 0, 0, 0, 0]), recurrentWeight: ones([4, 1], 0.5),
      lists: PackedLists(offsets: [0, 1]), initial: (ones([1, 1], 0.2), ones([1, 1], 0.4)))
    #expect(abs(states.cell.item() - 0.455409) < 2e-6)
    #expect(abs(states.hidden.item() - 0.313068) < 2e-6)
  }

  /// Widths around a register: tails are computed in a padded one.
  @Test(arguments: [1, 5, 16, 36])
  func openTimeGatesMakeAPlainLSTM(width: Int) {
    var random = RandomStream(seed: 6)
    let lists = PackedLists(offsets: [0, 4, 5, 5, 8])
    let x = Tensor(normal: 1, shape: [8, 3], random: &random)
    let weight = Tensor(normal: 0.5, shape: [4 * width, 3], random: &random)
    let recurrent = Tensor(normal: 0.5, shape: [4 * width, width], random: &random)
    let bias = Tensor(normal: 0.5, shape: [4 * width], random: &random)
    let plain = lstmSequence(
      [GateInput(x, weight)], bias: bias, recurrentWeight: recurrent, lists: lists)
    let timed = lstmSequence(
      [GateInput(x, weight)], bias: concatenate([bias, ones([2 * width], 60)], axis: 0),
      recurrentWeight: recurrent, lists: lists)
    #expect(timed.hidden.scalars == plain.hidden.scalars)
    #expect(timed.cell.scalars == plain.cell.scalars)

    // One list after another, by the single step.
    for list in 0..<4 {
      var (hidden, cell) = (Tensor(zeros: [1, width]), Tensor(zeros: [1, width]))
      for event in [0..<4, 4..<5, 5..<5, 5..<8][list] {
        let gates =
          linear(x.slice(axis: 0, event..<event + 1), weight, bias) + linear(hidden, recurrent)
        (hidden, cell) = lstmCell(preactivations: gates, cell: cell)
        let row = Int(lists.positions[event])
        let found = plain.hidden.slice(axis: 0, row..<row + 1)
        let distance = (found - hidden).square().sum().item().squareRoot()
        #expect(distance < 1e-5)
      }
    }
  }

  /// With a negative weight of the interval a month erases more than a day.
  @Test func aLongGapErasesMoreThanAShortOne() {
    func remembered(days: Scalar) -> Scalar {
      let interval = (ones([1, 1], 0.5) * Tensor(scalar: days).log()).tanh()
      return lstmSequence(
        [GateInput(interval, ones([1, 1], -2), column: 4)], bias: Tensor(zeros: [6]),
        recurrentWeight: Tensor(zeros: [4, 1]), lists: PackedLists(offsets: [0, 1]),
        initial: (Tensor(zeros: [1, 1]), ones([1, 1]))
      ).cell.item()
    }
    #expect(remembered(days: 30) < 0.6 * remembered(days: 1))
  }

  @Test func theMaximumOfASegmentIsThatOfItsRows() {
    let x = Tensor([1, 5, 3, -2, -4, -1, 9, 0], shape: [4, 2])
    let found = maximumOfSegments(x, offsets: [0, 2, 2, 4])
    #expect(found.scalars == [3, 5, 0, 0, 9, 0])
    let negative = maximumOfSegments(-x, offsets: [0, 2, 2, 4])
    #expect(negative.scalars == [-1, 2, 0, 0, 4, 1])
  }
}
