import NeuralNetworks
import Tensors
import Testing

/// A batch cut into shards is the batch, and the result never depends on who computes what.
struct ShardedLossTests {
  /// Convolution, normalisation and a linear layer, as an encoder has them.
  private struct Network: Module {
    let convolution: Convolution2D
    let norm: BatchNorm2D
    let head: Linear

    init(isFrozen: Bool) {
      var random = RandomStream(seed: 3)
      convolution = Convolution2D(
        inputs: 2, outputs: 4, kernel: 3, padding: 1, random: &random)
      norm = BatchNorm2D(channels: 4, isFrozen: isFrozen)
      head = Linear(inputs: 4, outputs: 1, random: &random)
    }

    func loss(_ images: Tensor, _ pass: Pass) -> Tensor {
      let maps = norm(convolution(images, pass), pass).relu()
      let pooled = maps.reshaped([images.shape[0], 4, 9]).mean(axis: 2)
      return (head(pooled, pass) - 1).square().mean()
    }

    func collect(into list: inout ParameterList) {
      list.add("convolution", convolution)
      list.add("norm", norm)
      list.add("head", head)
    }
  }

  private static let images: [Tensor] = {
    var random = RandomStream(seed: 4)
    return [4, 4, 2].map { Tensor(uniform: 1, shape: [$0, 2, 3, 3], random: &random) }
  }()

  private func sharded(_ network: Network, _ pass: Pass, workers: Int = .max) -> Tensor {
    shardedLoss(Self.images, of: network, pass, workers: workers) { images, own in
      network.loss(images, own) * (Scalar(images.shape[0]) / 10)
    }
  }

  @Test func shardsAddUpToTheWholeWithFrozenStatistics() {
    let network = Network(isFrozen: true)
    let (whole, cut) = (Pass.training(seed: 1), Pass.training(seed: 1))
    let first = network.loss(concatenate(Self.images, axis: 0), whole)
    let second = sharded(network, cut)
    #expect(abs(first.item() - second.item()) < 1e-6)
    let (a, b) = (whole.gradients(of: first), cut.gradients(of: second * 2))
    for entry in ParameterList(network).entries where entry.parameter.trainable {
      let expected = (a.dense(entry.parameter) * 2).scalars
      for (x, y) in zip(expected, b.dense(entry.parameter).scalars) {
        #expect(abs(x - y) < 1e-5, "\(entry.name)")
      }
    }
    let inference = sharded(network, .inference())
    #expect(abs(inference.item() - first.item()) < 1e-6)
  }

  @Test func observationsComeInTheOrderOfTheShards() {
    let (network, other) = (Network(isFrozen: false), Network(isFrozen: false))
    let pass = Pass.training(seed: 1)
    _ = pass.gradients(of: sharded(network, pass))
    #expect(network.norm.runningMean.value.scalars == other.norm.runningMean.value.scalars)
    pass.applyObservations()
    for images in Self.images {
      let own = Pass.training(seed: 0)
      _ = own.gradients(of: other.loss(images, own))
      own.applyObservations()
    }
    #expect(network.norm.runningMean.value.scalars == other.norm.runningMean.value.scalars)
    #expect(network.norm.runningVariance.value.scalars == other.norm.runningVariance.value.scalars)
    #expect(network.norm.runningMean.value.scalars != [0, 0, 0, 0])
  }

  @Test func theNumberOfWorkersChangesNoBit() {
    func run(_ workers: Int) -> [[Scalar]] {
      let network = Network(isFrozen: false)
      let pass = Pass.training(seed: 1)
      let loss = sharded(network, pass, workers: workers)
      let gradients = pass.gradients(of: loss)
      pass.applyObservations()
      return [loss.scalars]
        + ParameterList(network).entries.map {
          $0.parameter.trainable
            ? gradients.dense($0.parameter).scalars : $0.parameter.value.scalars
        }
    }
    let expected = run(1)
    for workers in [2, 3, .max] { #expect(run(workers) == expected) }
  }

  /// One shard reads the table whole, the other looks rows up.
  @Test(arguments: [[true, false], [false, true]])
  func wholeAndRowGradientsAddUp(readsWhole: [Bool]) {
    var random = RandomStream(seed: 2)
    let table = Embedding(rows: 5, width: 2, random: &random)
    let pass = Pass.training(seed: 0)
    let loss = shardedLoss(readsWhole, of: table, pass) { whole, own in
      whole ? own.read(table.weight).sum() * 3 : own.gather(table.weight, [1, 4, 1]).sum()
    }
    let found = pass.gradients(of: loss).dense(table.weight).scalars
    #expect(found == [3, 3, 5, 5, 3, 3, 3, 3, 4, 4])
  }
}
