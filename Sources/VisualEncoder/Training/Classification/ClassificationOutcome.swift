package import NeuralNetworks

/// A trained classifier and how the training went.
package struct ClassificationOutcome: Sendable {
  /// At its best epoch.
  package let classifier: EncoderClassifier
  package let record: TrainingRecord
  /// Categories that started from their parent's code.
  package let sharedCodes: [String]
  /// Pictures a second of steps alone; nil where no step was run.
  package let stepImagesPerSecond: Double?
  /// Pictures a second, waiting for pictures included, validation excluded.
  package let imagesPerSecond: Double?
}
