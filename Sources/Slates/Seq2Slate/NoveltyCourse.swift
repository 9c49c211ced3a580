import NeuralNetworks
import Tensors

/// The training form of novelty: what the choices of a batch so far say about the candidates left.
struct NoveltyCourse {
  private let network: NoveltyNetwork
  private let batch: SlateBatch
  /// Of each list, the largest similarity to any choice: [spaces, count].
  private var nearest: [[Scalar]]

  init(_ network: NoveltyNetwork, _ batch: SlateBatch) {
    self.network = network
    self.batch = batch
    nearest = zip(batch.lists, batch.spaces).map { list, spaces in
      [Scalar](repeating: CandidateSpaces.farthest, count: spaces.width * list.count)
    }
  }

  mutating func choose(_ candidate: Int, list: Int) {
    batch.spaces[list].approach(candidate, &nearest[list], at: 0)
  }

  /// What is added to the scores of a step: [lists, n]. The similarities are constants.
  func scores(_ pass: Pass) -> Tensor {
    let (lists, n) = (batch.lists.count, batch.steps)
    let width = network.hidden.weight.value.shape[1]
    let inputs = Tensor(shape: [lists * n, width]) { out in
      for (b, list) in batch.lists.enumerated() {
        for i in 0..<list.count {
          for space in 0..<width {
            out[(b * n + i) * width + space] = nearest[b][space * list.count + i]
          }
        }
      }
    }
    return network(inputs, pass).reshaped([lists, n])
  }
}
