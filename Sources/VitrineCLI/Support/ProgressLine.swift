import Vitrine

/// Progress for people: a line that changes on a terminal, a line every ten seconds elsewhere.
struct ProgressLine {
  private var last: ContinuousClock.Instant?
  private var isOpen = false

  mutating func show(_ progress: FeatureExtraction.Progress) {
    let pause: Duration = Console.isInteractive ? .milliseconds(200) : .seconds(10)
    let now = ContinuousClock.now
    // The first line off a terminal would only say that nothing has happened yet.
    let start = last ?? (Console.isInteractive ? now - pause : now)
    last = start
    guard start.duration(to: now) >= pause else { return }
    last = now
    let text = description(of: progress)
    if Console.isInteractive {
      Console.replaceLine(text)
      isOpen = true
    } else {
      Console.say(text)
    }
  }

  mutating func end() {
    if isOpen { Console.replaceLine("") }
    isOpen = false
  }

  private func description(of progress: FeatureExtraction.Progress) -> String {
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
