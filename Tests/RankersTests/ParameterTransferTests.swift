import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct ParameterTransferTests {
  private static let items = (0..<30).map { "item\($0)" }
  private static let users = (0..<12).map { "user\($0)" }

  private func layout(users: Int, items: Int) -> FeatureLayout {
    FeatureLayout(
      categorical: [.init(name: "user", rows: users + 1), .init(name: "item", rows: items + 1)],
      bags: [.init(name: "tags", rows: 5)])
  }

  /// A network with something to take over: every parameter is drawn.
  private func ranker(
    _ layout: FeatureLayout, seed: UInt64, width: Int = 4, scale: Double = 0.5
  ) throws -> DeepFM {
    var configuration = DeepFM.Configuration()
    (configuration.width, configuration.hidden) = (width, [8])
    configuration.embeddingScale = scale
    let ranker = try DeepFM(
      configuration: configuration, input: RankerInput(layout: layout), seed: seed)
    var random = RandomStream(seed: seed)
    for entry in ParameterList(ranker).entries where entry.name.contains("firstOrder") {
      entry.parameter.value = Tensor(
        normal: 1, shape: entry.parameter.value.shape, random: &random)
    }
    return ranker
  }

  private func ids(_ users: [String], _ items: [String]) -> ParameterTransfer.Ids {
    { section in
      switch section {
      case "user": .ids(users)
      case "item": .ids(items)
      case "tags[]": .hashed(4)
      default: nil
      }
    }
  }

  private func batch(_ users: [String], _ items: [String], seed: UInt64) -> RankingBatch {
    var random = RandomStream(seed: seed)
    let rows = (0..<40).map { _ in
      (random.next(below: Self.users.count), random.next(below: Self.items.count))
    }
    var tags = Bag()
    for row in rows { tags.append([Int32(row.1 % 5), Int32(row.0 % 5)]) }
    func place(_ id: String, _ all: [String]) -> Int32 {
      all.firstIndex(of: id).map { Int32($0 + 1) } ?? 0
    }
    return RankingBatch(
      count: rows.count,
      categorical: [
        rows.map { place(Self.users[$0.0], users) }, rows.map { place(Self.items[$0.1], items) },
      ], bags: [tags])
  }

  @Test func permutingTheVocabularyLeavesScoresUnchanged() throws {
    let shape = layout(users: Self.users.count, items: Self.items.count)
    let old = try ranker(shape, seed: 1)
    let new = try ranker(shape, seed: 2)
    let (users, items) = (Array(Self.users.reversed()), Array(Self.items[7...] + Self.items[..<7]))
    var report = WarmStartReport(from: "old")
    ParameterTransfer(
      from: old, ids: ids(Self.users, Self.items), to: new, ids: ids(users, items),
      tablesOnly: false
    ).run(seed: 1, into: &report)
    let before = old.scores(of: batch(Self.users, Self.items, seed: 3))
    #expect(new.scores(of: batch(users, items, seed: 3)) == before)
    #expect(Set(before).count > 10)
    #expect(report.fresh.isEmpty && report.sections.allSatisfy { $0.mapped == $0.rows })
    #expect(report.sections.compactMap(\.neighbourOverlap).allSatisfy { $0 == 1 })
    #expect(report.sections.contains { $0.field == "item" && $0.neighbourOverlap == 1 })
  }

  @Test func newIdsStartFromTheirGroupOrTheirField() throws {
    let old = try ranker(layout(users: 12, items: 30), seed: 1)
    let grown = Self.items.reversed() + ["new of a", "new of nothing"]
    let new = try ranker(layout(users: 12, items: 32), seed: 2)
    var report = WarmStartReport(from: "old")
    ParameterTransfer(
      from: old, ids: ids(Self.users, Self.items), to: new, ids: ids(Self.users, Array(grown)),
      tablesOnly: false,
      groups: { section, id in
        guard section == "item" else { return nil }
        return ["item3", "item4", "new of a"].contains(id) ? "a" : nil
      }
    ).run(seed: 1, into: &report)
    let section = try #require(
      report.sections.first { $0.field == "item" && $0.table == "embeddings.table" })
    #expect(section.rows == 33 && section.mapped == 31 && section.rescaled == nil)

    func vectors(_ ranker: DeepFM) -> [[Double]] {
      let table = ranker.embeddings.table.value.scalars.map { Double($0) }
      return (0..<table.count / 4).map { Array(table[$0 * 4..<$0 * 4 + 4]) }
    }
    let (before, after) = (vectors(old), vectors(new))
    // The rows of users come first: 13 of them.
    let known = before[14..<44]
    for column in 0..<4 {
      let values = known.map { $0[column] }
      let mean = values.reduce(0, +) / 30
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30).squareRoot()
      let group = (before[13 + 4][column] + before[13 + 5][column]) / 2
      #expect(abs(after[13 + 31][column] - group) < 0.5 * deviation)
      #expect(abs(after[13 + 32][column] - mean) < 0.5 * deviation)
      #expect(after[13 + 31][column] != group)
    }
  }

  @Test func hashedFieldsNeedEqualSizes() {
    #expect(TableIds.hashed(4).rows(in: .hashed(4), count: 5) == [0, 1, 2, 3, 4])
    #expect(TableIds.hashed(4).rows(in: .hashed(8), count: 5) == [0, -1, -1, -1, -1])
    #expect(TableIds.ids(["a", "b"]).rows(in: .ids(["b"]), count: 3) == [0, -1, 1])
    #expect(TableIds.ids(["a"]).rows(in: .hashed(4), count: 2) == [0, -1])
  }

  @Test func aNewNetworkMeetsVectorsOfTheLengthItIsMadeFor() throws {
    let shape = layout(users: 12, items: 30)
    let old = try ranker(shape, seed: 1, scale: 2)
    let new = try ranker(shape, seed: 2, scale: 0.1)
    var report = WarmStartReport(from: "old")
    ParameterTransfer(
      from: old, ids: ids(Self.users, Self.items), to: new, ids: ids(Self.users, Self.items),
      tablesOnly: true
    ).run(seed: 1, into: &report)
    for section in report.sections where section.table == "embeddings.table" {
      let factor = try #require(section.rescaled)
      #expect(factor > 0.02 && factor < 0.12, "\(factor)")
      #expect(section.neighbourOverlap ?? 1 > 0.98)
    }
    #expect(report.copied.isEmpty && report.fresh.keys.contains { $0.hasPrefix("network") })
  }

  @Test func tablesOfAnotherWidthStartAnew() throws {
    let shape = layout(users: 12, items: 30)
    var report = WarmStartReport(from: "old")
    ParameterTransfer(
      from: try ranker(shape, seed: 1, width: 4), ids: ids(Self.users, Self.items),
      to: try ranker(shape, seed: 2, width: 6), ids: ids(Self.users, Self.items),
      tablesOnly: false
    ).run(seed: 1, into: &report)
    report.startAUC = 0.4
    report.judge()
    #expect(report.fresh["embeddings.table"]?.contains("4 wide there and 6 here") == true)
    #expect(report.warnings.contains { $0.contains("embeddings.table") })
    #expect(report.warnings.contains { $0.contains("no more of these rows than chance") })
  }

  @Test func tablesWaitAndAllLearnSlowlyAfterwards() throws {
    let shape = layout(users: 12, items: 30)
    var rows = batch(Self.users, Self.items, seed: 3)
    rows.labels = (0..<rows.count).map { Float($0 % 2) }
    func tables(epochs: Int) throws -> (frozen: Bool, record: TrainingRecord) {
      let ranker = try ranker(shape, seed: 1)
      var plan = RankerTraining()
      (plan.epochs, plan.batchSize, plan.patience, plan.frozenEpochs) = (epochs, 10, 9, 1)
      plan.keep = .last
      let before = ranker.embeddings.table.value.scalars
      let record = try plan.fit(ranker, training: rows, validation: rows)
      return (ranker.embeddings.table.value.scalars == before, record)
    }
    let (first, second) = (try tables(epochs: 1), try tables(epochs: 2))
    #expect(first.frozen && !second.frozen)
    let rates = second.record.epochs.compactMap(\.learningRate)
    #expect(abs(rates[0] - 0.001) < 1e-8 && abs(rates[1] - 0.0001) < 1e-9)
  }
}
