import Rankers
import RankingData
import Testing

@Suite struct RankingBatchSourceTests {
  @Test func rowsKeepTheirLists() {
    let batch = RankingBatch(
      count: 3, categorical: [[7, 8, 9]], bags: [Bag([[1, 2], [], [3]]), Bag([[4], [5], []])],
      bagAges: [[10, 20, 30], []], labels: [0, 2, 1])
    let part = batch.batch([2, 0])
    #expect(part.categorical == [[9, 7]] && part.labels == [1, 0])
    #expect(part.bags == [Bag([[3], [1, 2]]), Bag([[], [4]])])
    #expect(part.bagAges == [[30, 10, 20], []])
  }
}
