import FeatureCache
import Testing
import VisualEncoder

/// Who computes what, and what is remembered of it.
@Suite struct ClaimTableTests {
  private let item = ExtractionItem(id: "a", path: "a.jpg")

  private func key(_ index: UInt8) -> FeatureKey {
    FeatureKey(
      image: [UInt8](repeating: index, count: 32), category: nil,
      descriptor: FeatureCacheDescriptor(
        width: 1, elementType: .float32, encoder: "e", preprocessing: "p", precision: "fp32",
        categoryInKey: false))
  }

  private func isComputed(_ table: ClaimTable, _ index: UInt8, isCached: Bool = false) -> Bool {
    if case .compute = table.claim(key(index), for: item, isCached: isCached) {
      true
    } else {
      false
    }
  }

  /// A collection of any size leaves only what is not committed yet.
  @Test func whatIsCommittedIsForgotten() {
    let table = ClaimTable()
    for index in 0..<100 as Range<UInt8> {
      #expect(isComputed(table, index))
      table.complete(key(index)) { _ in }
      #expect(!isComputed(table, index))
    }
    #expect(table.count == 100)
    #expect(table.forget((0..<90).map { key($0) }))
    #expect(table.count == 10)
    #expect(!isComputed(table, 3, isCached: true), "the cache holds it")
    #expect(!isComputed(table, 95), "sent, and not committed yet")
  }

  @Test func whatIsInWorkOrFailedIsNotForgotten() {
    let table = ClaimTable()
    #expect(isComputed(table, 1) && isComputed(table, 2))
    #expect(table.fail(key(2), reason: "corrupt", message: "x").isEmpty)
    #expect(table.forget([key(1), key(2)]))
    if case .waits = table.claim(key(1), for: item, isCached: false) {
    } else {
      Issue.record("another worker is at it")
    }
    if case .failed(let reason, _) = table.claim(key(2), for: item, isCached: false) {
      #expect(reason == "corrupt")
    } else {
      Issue.record("it failed before")
    }
  }

  /// A worker that waits for room in the queue holds the table; the writer must not wait for it.
  @Test func forgettingDoesNotWait() {
    let table = ClaimTable()
    #expect(isComputed(table, 1))
    table.complete(key(1)) { _ in #expect(!table.forget([])) }
    #expect(table.forget([key(1)]))
  }
}
