import Vitrine

/// Progress of reading rows: a line that changes on a terminal, a line every ten seconds elsewhere.
struct ReadingLine {
  private var last: ContinuousClock.Instant?
  private var isOpen = false

  mutating func show(_ progress: DatasetPreparation.Progress) {
    let pause: Duration = Console.isInteractive ? .milliseconds(200) : .seconds(10)
    let now = ContinuousClock.now
    // The first line off a terminal would only say that nothing has happened yet.
    let start = last ?? (Console.isInteractive ? now - pause : now)
    last = start
    guard start.duration(to: now) >= pause else { return }
    last = now
    let left = progress.seconds * (1 - progress.share) / max(progress.share, 1e-9)
    let rate = Double(progress.rows) / max(progress.seconds, 1e-9)
    let text =
      "\(progress.rows) rows, \((100 * progress.share).text(0))%, \(rate.text(0)) rows/s,"
      + " \(left.text(0)) s to go"
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
}
