import NeuralNetworks
import Synchronization
import Testing

@Suite struct PrefetchedTests {
  @Test func elementsComeInOrderAndOneAhead() {
    let made = Mutex(0)
    let batches = Prefetched(count: 50) { index in
      made.withLock { $0 += 1 }
      return index * index
    }
    var taken: [Int] = []
    for square in batches {
      taken.append(square)
      // This one, and at most the next.
      #expect(made.withLock { $0 } <= taken.count + 1)
    }
    #expect(taken == (0..<50).map { $0 * $0 })
    #expect(Array(Prefetched(count: 0) { $0 }).isEmpty)
  }

  @Test func anIteratorMayBeGivenUp() {
    for count in 1...20 {
      let iterator = Prefetched(count: 100) { $0 }.makeIterator()
      for index in 0..<count { #expect(iterator.next() == index) }
    }
  }
}
