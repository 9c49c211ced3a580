import Tensors
import Testing

struct RandomStreamTests {
  @Test func streamsRepeatAndDiffer() {
    var (a, b, c) = (
      RandomStream(seed: 1), RandomStream(seed: 1), RandomStream(seed: 1, stream: 1)
    )
    let first = (0..<100).map { _ in a.next() }
    #expect(first == (0..<100).map { _ in b.next() })
    #expect(Set(first).isDisjoint(with: (0..<100).map { _ in c.next() }))
  }

  @Test func normalsHaveTheRightMoments() {
    var random = RandomStream(seed: 2)
    let draws = (0..<200_000).map { _ in Double(random.nextNormal()) }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
    #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02)
  }

  @Test func uniformsStayInside() {
    var random = RandomStream(seed: 3)
    for _ in 0..<10_000 {
      let u = random.nextUniform()
      #expect(u >= 0 && u < 1)
      #expect((0..<7).contains(random.next(below: 7)))
    }
  }
}
