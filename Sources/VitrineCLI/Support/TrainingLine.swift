import Foundation
import Vitrine

/// The line of a training that goes on: often on a terminal, every ten seconds elsewhere.
final class TrainingLine {
  private var last = ContinuousClock.now
  private var isOpen = false

  func show(_ progress: ClassificationProgress) {
    guard isDue() else { return }
    var parts = [
      "epoch \(progress.epoch)/\(progress.epochs)", "step \(progress.step)/\(progress.steps)",
      "loss \(progress.loss.text(4))",
    ]
    if let accuracy = progress.accuracy { parts.append("accuracy \(accuracy.text(3))") }
    parts.append("\(progress.imagesPerSecond.text(0)) images/s")
    parts.append("rate \(String(format: "%.2g", progress.learningRate))")
    parts.append("\(Self.time(progress.secondsRemaining)) to go")
    show(parts)
  }

  func show(_ progress: RankerProgress) {
    guard isDue() else { return }
    show([
      "epoch \(progress.epoch)/\(progress.epochs)", "step \(progress.step)/\(progress.steps)",
      "loss \(progress.loss.text(4))", "\(progress.rowsPerSecond.text(0)) rows/s",
      "rate \(String(format: "%.2g", progress.learningRate))",
      "\(Self.time(progress.secondsRemaining)) to go",
    ])
  }

  func show(_ step: StepRecord) {
    guard isDue() else { return }
    show([
      "epoch \(step.epoch)", "step \(step.batch + 1)", "loss \(step.loss.text(4))",
      "gradient \(step.gradientNorm.text(3))",
      "rate \(String(format: "%.2g", step.learningRate))",
    ])
  }

  private func isDue() -> Bool {
    let pause: Duration = Console.isInteractive ? .milliseconds(200) : .seconds(10)
    guard last.duration(to: .now) >= pause else { return false }
    last = .now
    return true
  }

  private func show(_ parts: [String]) {
    let text = parts.joined(separator: ", ")
    if Console.isInteractive {
      Console.replaceLine(text)
      isOpen = true
    } else {
      Console.say(text)
    }
  }

  func end() {
    if isOpen { Console.replaceLine("") }
    isOpen = false
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9))
    return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
  }
}
