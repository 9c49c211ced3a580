import Vitrine

/// Progress of reading rows.
struct ReadingLine {
  private var line = TalkLine()

  mutating func show(_ progress: DatasetPreparation.Progress) {
    line.show(Self.description(of: progress))
  }

  mutating func end() { line.end() }

  private static func description(of progress: DatasetPreparation.Progress) -> String {
    let left = progress.seconds * (1 - progress.share) / max(progress.share, 1e-9)
    let rate = Double(progress.rows) / max(progress.seconds, 1e-9)
    return "\(progress.rows) rows, \((100 * progress.share).text(0))%, \(rate.text(0)) rows/s,"
      + " \(left.text(0)) s to go"
  }
}
