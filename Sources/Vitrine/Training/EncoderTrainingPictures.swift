import Foundation
import NeuralNetworks
import VisualEncoder

/// The pictures beside a trained encoder.
struct EncoderTrainingPictures {
  private let summary: EncoderTrainingSummary
  private let plan: ClassificationPlan

  init(_ summary: EncoderTrainingSummary, _ plan: ClassificationPlan) {
    (self.summary, self.plan) = (summary, plan)
  }

  /// Writes `OUTPUT.curves.svg` and, where pictures have one class each, `OUTPUT.confusion.svg`.
  func write(beside output: String) throws {
    try BundleFolder.write(Data(curves.utf8), to: output + ".curves.svg")
    let report = summary.test ?? summary.validation
    guard !report.confusion.isEmpty else { return }
    let part = summary.test == nil ? "validation" : "test"
    let picture = ConfusionPicture(report, title: "\(part): \(report.words)")
    try BundleFolder.write(Data(picture.svg.utf8), to: output + ".confusion.svg")
  }

  private var curves: String {
    let epochs = summary.record.epochs
    func series(
      _ name: String, _ value: (EpochRecord) -> Double?
    ) -> LearningCurves.Series {
      LearningCurves.Series(
        name, epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } })
    }
    return LearningCurves(
      title: "Learning to tell \(summary.validation.classes.count) classes",
      panels: [
        LearningCurves.Panel("loss", [series("training") { $0.loss }]),
        LearningCurves.Panel(
          summary.validation.measure, [series("validation") { $0.score }]),
        LearningCurves.Panel("learning rate", [series("learning rate") { $0.learningRate }]),
      ], marked: summary.record.best.map { Double($0.epoch) }
    ).svg()
  }
}
