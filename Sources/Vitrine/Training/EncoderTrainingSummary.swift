import Foundation
public import NeuralNetworks
public import VisualEncoder

/// What a training of an encoder came to: `OUTPUT.report.json`.
public struct EncoderTrainingSummary: Sendable, Codable {
  /// A picture that could not be used.
  public struct Unreadable: Sendable, Codable {
    /// Its id.
    public var id: String
    /// Why.
    public var reason: String
  }

  /// The encoder's hash, which caches hold.
  public var hash = ""
  /// Loss and validation score of every epoch, and the best one, which was kept.
  public var record: TrainingRecord
  /// Of the epoch that was kept.
  public var validation: ClassificationReport
  /// Nil without test pictures.
  public var test: ClassificationReport?
  /// Pictures that were trained on.
  public var trainingImages: Int
  /// Pictures that could not be read.
  public var unreadable: [Unreadable] = []
  /// Pictures taken out of the training, because the validation or the test holds the same bytes.
  public var duplicates: [String] = []
  /// Categories that started from their parent's code.
  public var sharedCodes: [String] = []
  /// Pictures a second of steps alone (forward, backward, update): the median. Nil where no step
  /// was left to do.
  public var stepImagesPerSecond: Double?
  /// Pictures a second, waiting for pictures included, validation excluded.
  public var imagesPerSecond: Double?
  /// From reading to writing.
  public var seconds = 0.0

  private enum CodingKeys: String, CodingKey {
    case hash, record, validation, test, unreadable, duplicates, seconds
    case trainingImages = "training_images"
    case sharedCodes = "shared_codes"
    case stepImagesPerSecond = "step_images_per_second"
    case imagesPerSecond = "images_per_second"
  }

  init(
    record: TrainingRecord, validation: ClassificationReport, test: ClassificationReport?,
    trainingImages: Int
  ) {
    (self.record, self.validation, self.test) = (record, validation, test)
    self.trainingImages = trainingImages
  }

  /// For `encoder.json`.
  func words(_ plan: ClassificationPlan) -> String {
    var parts = [
      "classification of \(validation.classes.count) classes, \(trainingImages) images, best epoch"
        + " \(record.best?.epoch ?? 0) of \(record.epochs.count), seed \(plan.seed)",
      "validation (\(validation.images)): \(validation.words)",
    ]
    if let test { parts.append("test (\(test.images)): \(test.words)") }
    return parts.joined(separator: "; ")
  }
}

extension ClassificationReport {
  /// What `score` measures.
  public var measure: String {
    meanAveragePrecision == nil ? "accuracy" : "mean average precision"
  }

  /// The figures in a line.
  public var words: String {
    var parts = ["\(measure) \(String(format: "%.4f", score))"]
    if let neighbourAgreement {
      parts.append("nearest neighbour of the class \(String(format: "%.4f", neighbourAgreement))")
    }
    return (parts + ["loss \(String(format: "%.4f", loss))"]).joined(separator: ", ")
  }
}
