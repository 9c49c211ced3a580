import Vitrine

/// Progress of an extraction.
struct ProgressLine {
  private var line = TalkLine()

  mutating func show(_ progress: FeatureExtraction.Progress) {
    line.show(Self.description(of: progress))
  }

  mutating func end() { line.end() }

  private static func description(of progress: FeatureExtraction.Progress) -> String {
    var parts = [
      "\(progress.done + progress.failed) of \(progress.total)",
      "\(progress.rate.text(1)) images/s",
    ]
    if progress.reused > 0 { parts.append("\(progress.reused) reused") }
    if progress.failed > 0 {
      let reasons = progress.failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      parts.append("\(progress.failed) failed (\(reasons.joined(separator: ", ")))")
    }
    if let remaining = progress.remaining { parts.append("\(remaining.text(0)) s to go") }
    return parts.joined(separator: ", ")
  }
}
