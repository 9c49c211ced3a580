public import NeuralNetworks
package import RankingData
package import Tensors

/// A weight for each id, number and component of an image, and a bias: what logistic regression and
/// the support vector machines have in common.
///
/// `score = bias + Σ w_id + Σ mean w_list + Σ w_number x + w · image`. Histories of images are not
/// read: without interactions they would be the same for every candidate of a request.
public struct LinearModel: Module {
  package let layout: FeatureLayout
  package let firstOrder: FirstOrder
  package var visual: VisualBlock?

  /// Every weight 0.
  package init(input: RankerInput, seed: UInt64) throws(RankerError) {
    layout = input.layout
    firstOrder = try FirstOrder(layout: input.layout, denseWidth: input.layout.numericWidth)
    if input.readsImages, let description = input.visual {
      var random = RandomStream(seed: seed)
      let block = VisualBlock(
        input: description, width: 1, normalized: false, history: false, deviation: 0,
        random: &random)
      block.projection.weight.value = Tensor(zeros: [1, description.width])
      visual = block
    }
  }

  /// `[count]`.
  package func callAsFunction(_ batch: RankingBatch, _ pass: Pass) -> Tensor {
    let scores = firstOrder(batch, numbers: batch.numbers, pass)
    guard let visual else { return scores }
    return scores + visual(batch, pass).vectors.reshaped([batch.count])
  }

  /// The sum of the squared weights, without biases: what an L2 penalty shrinks.
  package func squaredWeights(_ pass: Pass) -> Tensor {
    let squares = firstOrder.squaredWeights(pass)
    guard let visual else { return squares }
    return squares + pass.read(visual.projection.weight).square().sum()
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("firstOrder", firstOrder)
    if let visual { list.add("visual", visual) }
  }
}
