package import NeuralNetworks
package import Tensors

/// An encoder with a linear classifier on its features and, where its gates know categories, a judge
/// of whether a picture belongs to the category told.
///
/// The judge teaches the category codes to look for evidence of their category. Features that are
/// classified go through row 0, so no code leaks the answer to the classifier.
package struct EncoderClassifier: Module {
  package let network: EncoderNetwork
  /// Features to one logit a class.
  package let head: Linear
  /// Features to one logit; nil without verification.
  package let judge: Linear?
  /// Whether pictures may have several classes: each is then judged on its own.
  package let isMultiLabel: Bool
  private let dropoutRate: Scalar
  /// What a verification counts against a classification.
  private let judgeWeight: Scalar

  package init(
    _ network: EncoderNetwork, classes: Int, isMultiLabel: Bool = false, dropout: Scalar = 0,
    judgeWeight: Scalar? = nil, seed: UInt64 = 0
  ) {
    let width = network.configuration.featureWidth
    var random = RandomStream(seed: seed, stream: 0xC1A5)
    self.network = network
    self.isMultiLabel = isMultiLabel
    head = Linear(inputs: width, outputs: classes, random: &random)
    judge = judgeWeight.map { _ in Linear(inputs: width, outputs: 1, random: &random) }
    self.judgeWeight = judgeWeight ?? 0
    dropoutRate = dropout
  }

  /// A shard's share of the loss of a batch of `count` pictures: their mean.
  package func loss(
    _ shard: ImageShard, of count: Int, _ pass: Pass, tally: TrainingTally? = nil
  ) -> Tensor {
    let features = network(shard.images, categoryRows: shard.categoryRows, pass)
    let (asked, all) = (shard.verdicts.count, shard.indices.count)
    var total: Tensor?
    if all > asked {
      let shown = asked == 0 ? features : features.slice(axis: 0, asked..<all)
      let logits = head(dropout(shown, rate: dropoutRate, pass), pass)
      tally?.count(logits: logits, targets: shard.targets)
      total =
        isMultiLabel
        ? sigmoidCrossEntropy(logits: logits, labels: shard.targets) * Scalar(all - asked)
        : softmaxCrossEntropy(logits: logits, targets: shard.targets).sum()
    }
    if let judge, asked > 0 {
      let logits = judge(features.slice(axis: 0, 0..<asked), pass)
      let loss =
        sigmoidCrossEntropy(logits: logits, labels: shard.verdicts)
        * (Scalar(asked) * judgeWeight)
      total = total.map { $0 + loss } ?? loss
    }
    return (total ?? Tensor(scalar: 0)) / Scalar(max(count, 1))
  }

  /// See `Module`.
  package func collect(into list: inout ParameterList) {
    list.add("encoder", network)
    list.add("head", head)
    if let judge { list.add("judge", judge) }
  }

  /// The encoder's weights, with the classifier under torchvision's names, which travel along.
  package func encoderWeights() throws(VisualEncoderError) -> EncoderWeights {
    var tensors = network.encoderWeights().tensors
    tensors["fc.weight"] = StoredTensor(head.weight.value)
    if let bias = head.bias { tensors["fc.bias"] = StoredTensor(bias.value) }
    return try EncoderWeights(tensors, for: network.configuration, path: "a trained encoder")
  }
}
