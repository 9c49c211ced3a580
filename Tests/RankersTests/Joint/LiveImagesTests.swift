import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct LiveImagesTests {
  /// Stands for an encoder without batch statistics: `[n, 6]` to `[n, 10]`.
  private let tower: Linear
  private let pictures: Tensor

  init() {
    var random = RandomStream(seed: 12)
    tower = Linear(inputs: 6, outputs: 10, random: &random)
    pictures = Tensor(normal: 1, shape: [12, 6], random: &random)
  }

  private func vectors(_ rows: [Int32], _ pass: Pass) -> Tensor {
    tower(pictures.gatherRows(rows), pass).tanh()
  }

  private func gradients(of loss: Tensor, _ pass: Pass, _ ranker: any NeuralRanker) -> [[Scalar]] {
    let found = pass.gradients(of: loss)
    return (ParameterList(tower).trainable + ParameterList(ranker).trainable)
      .map { found.dense($0).scalars }
  }

  /// The encoder once an image, or once a row: the same loss and gradients.
  @Test(arguments: neuralKinds)
  func reuseEqualsAnImageForEveryRow(kind: String) throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(kind: kind))
    ranker.visual?.standardize()
    let batch = world.batch(90)
    let distinct = Set(batch.visualRows).subtracting([-1]).sorted()

    let reused = Pass.training(seed: 1)
    let once = ranker.loss(
      batch,
      images: LiveImages(vectors(distinct, reused), rows: distinct, history: world.table), reused)

    // Every row shows a picture of its own, which happens to look like others.
    let shown = batch.visualRows.indices.filter { batch.visualRows[$0] >= 0 }
    var own = batch
    for (place, row) in shown.enumerated() { own.visualRows[row] = Int32(place) }
    let naive = Pass.training(seed: 1)
    let everyRow = ranker.loss(
      own,
      images: LiveImages(
        vectors(shown.map { batch.visualRows[$0] }, naive),
        rows: (0..<Int32(shown.count)).map { $0 },
        history: world.table), naive)

    #expect(abs(once.item() - everyRow.item()) < 1e-6)
    let (a, b) = (gradients(of: once, reused, ranker), gradients(of: everyRow, naive, ranker))
    for (a, b) in zip(a, b) { #expect(maximumDifference(a, b) < 1e-5) }
    #expect(a.prefix(2).allSatisfy { $0.contains { abs($0) > 1e-6 } }, "the encoder learns")
  }

  /// Live vectors that are the table's give what the table gives.
  @Test(arguments: neuralKinds)
  func theSourceDoesNotMatterToTheLogits(kind: String) throws {
    var world = RankerWorld()
    let ranker = try world.makeRanker(RankerSpecification(kind: kind))
    ranker.visual?.standardize()
    let batch = world.batch(40)
    let rows: [Int32] = [11, 3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10]
    let raw = rows.flatMap { world.table.vector($0).map { Scalar($0) } }
    let live = ranker.with(
      LiveImages(Tensor(raw, shape: [12, 10]), rows: rows, history: world.table))
    #expect(maximumDifference(live.scores(of: batch), ranker.scores(of: batch)) < 1e-5)
  }

  @Test func withoutImagesTheMissingVectorLearns() throws {
    var world = RankerWorld()
    world.layout.visualHistory = false
    let ranker = try world.makeRanker(RankerSpecification(kind: "deepfm"))
    var batch = world.batch(5)
    batch.visualRows = [-1, -1, -1, -1, -1]
    let pass = Pass.training(seed: 3)
    let loss = ranker.loss(batch, images: LiveImages(Tensor(zeros: [0, 10]), rows: []), pass)
    let visual = try #require(ranker.visual)
    #expect(pass.gradients(of: loss).dense(visual.missing).scalars.contains { $0 != 0 })
  }

  @Test func anImageThatWasNotComputedStops() async {
    await #expect(processExitsWith: .failure) {
      var world = RankerWorld()
      let ranker = try world.makeRanker(RankerSpecification(kind: "deepfm"))
      var batch = world.batch(2)
      batch.visualRows = [0, 5]
      let images = LiveImages(Tensor(zeros: [2, 10]), rows: [0, 6])
      _ = ranker.with(images).scores(of: batch)
    }
  }
}
