import Dispatch
import Images
import NeuralNetworks
import Synchronization
import Tensors

/// Judges a classifier by the features that it would be shipped with: its encoder is compiled to an
/// `InferencePlan` in single precision, as extraction does it, through row 0 of the codes.
package struct ClassifierEvaluation: Sendable {
  package let images: DecodedImages
  package let workers: Int

  /// - Parameter images: decoded to the crop of the encoder's preprocessing.
  package init(_ images: DecodedImages, workers: Int) {
    (self.images, self.workers) = (images, workers)
  }

  /// - Parameter neighbours: whether the agreement of nearest neighbours is measured too.
  package func run(
    _ classifier: EncoderClassifier, neighbours: Bool = false
  ) -> ClassificationReport {
    let features = features(classifier)
    let width = classifier.network.configuration.featureWidth
    let list = images.images.images
    let rows = Tensor(features.flatMap { $0.map { Scalar($0) } }, shape: [list.count, width])
    let logits = classifier.head(rows, .inference())
    let targets = list.flatMap { images.images.targets(of: $0).map { $0 ? 1 : 0 as Scalar } }
    let loss =
      classifier.isMultiLabel
      ? sigmoidCrossEntropy(logits: logits, labels: targets)
      : softmaxCrossEntropy(logits: logits, targets: targets).mean()
    let (values, classes) = (logits.scalars, images.images.classes.count)
    var report = ClassificationReport(
      images.images,
      logits: list.indices.map { row in
        values[row * classes..<(row + 1) * classes].map { Float($0) }
      }, loss: Double(loss.item()))
    if neighbours {
      report.neighbourAgreement = NeighbourAgreement.of(features, labels: list.map(\.labels))
    }
    return report
  }

  /// `[pictures][featureWidth]`, pooled and not normalised.
  package func features(_ classifier: EncoderClassifier) -> [[Float]] {
    let bundle = EncoderBundle(
      configuration: classifier.network.configuration,
      weights: classifier.network.encoderWeights())
    let plan = InferencePlan(bundle, precision: .fp32)
    let count = images.pixels.count
    let starts = Array(stride(from: 0, to: count, by: plan.batch))
    let results = Mutex([[Float]](repeating: [], count: count))
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, starts.count))) { _ in
      let workspace = InferenceWorkspace(plan)
      while let index = next.claim(below: starts.count) {
        let range = starts[index]..<min(starts[index] + plan.batch, count)
        for image in range {
          _ = workspace.image(image - range.lowerBound)
            .update(fromContentsOf: images.pixels.image(image))
        }
        let features = workspace.run(categories: [Int](repeating: 0, count: range.count))
        results.withLock { $0.replaceSubrange(range, with: features) }
      }
    }
    return results.withLock { $0 }
  }
}
