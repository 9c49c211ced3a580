import Tensors
import Testing

@Suite struct SegmentTests {
  @Test func aSegmentIsItsOwnSoftmax() {
    let x = Tensor([1, 2, 3, -4, 0.5, 7])
    let whole = segmentSoftmax(x, offsets: [0, 3, 3, 4, 6]).scalars
    let parts = [[1, 2, 3], [-4], [0.5, 7]].flatMap { softmax(Tensor($0)).scalars }
    #expect(whole == parts)
  }

  @Test func anEmptySegmentSumsToZero() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    #expect(segmentSum(x, offsets: [0, 2, 2, 3]).scalars == [4, 6, 0, 0, 5, 6])
    let weighted = segmentSum(
      Tensor([2, -1, 1]), of: x, rows: [0, 2, 0], offsets: [0, 0, 2, 3])
    #expect(weighted.scalars == [0, 0, -3, -2, 1, 2])
  }

  @Test func nothingHasNoSegments() {
    #expect(segmentSoftmax(Tensor([]), offsets: [0]).count == 0)
    #expect(segmentSum(Tensor(zeros: [0, 3]), offsets: [0, 0, 0]).scalars == [0, 0, 0, 0, 0, 0])
  }

  @Test func pairsOfRows() {
    let (a, b) = (Tensor([1, 2, 3, 4], shape: [2, 2]), Tensor([10, 20, 30, 40], shape: [2, 2]))
    let pairs = RowPairs(left: [1, 0, 1], right: [0, 0, 1])
    #expect(pairs.sums(a, b).scalars == [13, 24, 11, 22, 33, 44])
    #expect(pairs.products(a, b).scalars == [30, 80, 10, 40, 90, 160])
  }
}
