import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct MiniBatchAwareTests {
  private func make(_ world: RankerWorld, lambda: Double) throws -> DIN {
    var configuration = DIN.Configuration()
    configuration.width = 3
    configuration.regularization = .init()
    configuration.regularization?.lambda = lambda
    return try #require(try world.makeRanker(RankerSpecification(configuration)) as? DIN)
  }

  /// The gradient of a batch's penalty, by row of the table; nil for rows that it does not touch.
  private func gradients(_ model: DIN, _ batch: RankingBatch) throws -> [Int32: [Scalar]] {
    let pass = Pass.training(seed: 1)
    let penalty = try #require(model.batchPenalty(batch, pass))
    let found = pass.gradients(of: penalty)
    guard case .rows(let rows) = found[model.fields.table] else {
      Issue.record("the penalty has a dense gradient")
      return [:]
    }
    let width = rows.values.shape[1]
    return Dictionary(
      uniqueKeysWithValues: rows.rows.enumerated().map { index, row in
        (row, Array(rows.values.scalars[index * width..<(index + 1) * width]))
      })
  }

  /// λ / n_j · w_j for every row present and nothing for the others.
  @Test func onlyRowsPresentAreTouched() throws {
    var world = RankerWorld()
    var model = try make(world, lambda: 0.5)
    let training = world.batch(40)
    model.study(training)
    let batch = training.batch([2, 3, 5])
    let found = try gradients(model, batch)
    let present = Set(model.fields.occurrences(in: batch))
    #expect(Set(found.keys) == present && present.count < 61)
    let all = model.fields.occurrences(in: training)
    let table = model.fields.table.value.scalars
    for (row, gradient) in found {
      let share = 0.5 / Scalar(all.count { $0 == row })
      let vector = table[Int(row) * 3..<Int(row + 1) * 3]
      #expect(maximumDifference(gradient, vector.map { share * $0 }) < 1e-6)
    }
  }

  /// The ids of every field that a batch reads: of the candidate, of the history, of its attributes and
  /// of other lists.
  @Test func everyFieldIsHeldBack() throws {
    var world = RankerWorld()
    let model = try make(world, lambda: 0.5)
    let batch = world.batch(3)
    var expected: Set<String> = []
    func add(_ field: String, _ ids: [Int32]) {
      for id in ids { expected.insert("\(field) \(id)") }
    }
    for (field, ids) in zip(world.layout.categorical, batch.categorical) { add(field.name, ids) }
    add("item", batch.bags[0].values)
    add("tags[]", batch.bags[1].values)
    add("category", batch.bags[2].values)
    let table = try #require(ParameterList(model).entries.first { $0.name == "fields.table" })
    let touched = try gradients(model, batch).filter { $1.contains { $0 != 0 } }
    let found = try touched.keys.map { row in
      let section = try #require(table.sections.first { $0.rows.contains(Int(row)) })
      return "\(section.name) \(Int(row) - section.rows.lowerBound)"
    }
    #expect(Set(found) == expected && found.count == expected.count)
    #expect(batch.bags.allSatisfy { !$0.values.isEmpty })
  }

  /// Σ over an epoch of presence / n_j: 1 for an id that no batch has twice, less for others.
  @Test func anEpochHoldsAnIdBackOnce() throws {
    let world = RankerWorld()
    var model = try make(world, lambda: 1)
    // Item 5 is in every row; 7 twice in one row; 1, 2 and 3 are candidates of one row each.
    let training = RankingBatch(
      count: 3, categorical: [[1, 2, 3], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
      bags: [
        Bag([[5], [5, 7, 7], [5]]), Bag([[], [], []]), Bag([[0], [0, 0, 0], [0]]),
      ], numeric: [Float](repeating: 0, count: 6), numericWidth: 2)
    model.study(training)
    let table = model.fields.table.value.scalars
    func shares(_ batches: [[Int32]]) throws -> [Int32: Scalar] {
      var sums: [Int32: Scalar] = [:]
      for rows in batches {
        for (row, gradient) in try gradients(model, training.batch(rows[...])) {
          sums[row, default: 0] += gradient[0] / table[Int(row) * 3]
        }
      }
      return sums
    }
    let single = try shares([[0], [1], [2]])
    let once: Set<Int32> = [1, 2, 3, 5]
    #expect(maximumDifference(once.compactMap { single[$0] }, [1, 1, 1, 1]) < 1e-5)
    #expect(abs((single[7] ?? 0) - 0.5) < 1e-5, "twice in one batch, held back once")
    let pairs = try shares([[0, 1], [2]])
    #expect(abs((pairs[5] ?? 0) - 2 / 3) < 1e-5 && abs((pairs[1] ?? 0) - 1) < 1e-5)
  }

  /// Once for a batch, however many shards it is cut into.
  @Test func shardsShareOnePenalty() throws {
    var world = RankerWorld()
    let training = world.batch(512)
    var model = try make(world, lambda: 100)
    model.study(training)
    let pass = Pass.training(seed: 1)
    let penalty = try #require(model.batchPenalty(training, .inference())).item()
    let plain = try make(world, lambda: 0)
    let difference =
      model.shardedLoss(training, pass).item()
      - plain.shardedLoss(training, .training(seed: 1)).item()
    #expect(penalty > 1e-3 && abs(difference - penalty) < 1e-4 * max(penalty, 1))
  }
}
