/// The course of a training as a picture: panels of curves, one above the other, over one axis of
/// epochs.
public struct LearningCurves: Sendable {
  /// One curve.
  public struct Series: Sendable {
    /// As the legend calls it.
    public var name: String
    /// In order of x. Points that are not finite are left out.
    public var points: [(x: Double, y: Double)]
    /// Whether every point gets a dot: right for one point an epoch, too much for one a step.
    public var isDotted: Bool

    /// A curve.
    public init(_ name: String, _ points: [(x: Double, y: Double)], isDotted: Bool = true) {
      self.name = name
      self.points = points
      self.isDotted = isDotted
    }
  }

  /// Curves that share axes.
  public struct Panel: Sendable {
    /// What the vertical axis shows.
    public var title: String
    /// Drawn in order, the last on top.
    public var series: [Series]

    /// A panel.
    public init(_ title: String, _ series: [Series]) {
      self.title = title
      self.series = series
    }
  }

  /// Above all panels.
  public var title: String
  /// From top to bottom.
  public var panels: [Panel]
  /// The epoch whose parameters were kept, marked by a vertical line.
  public var marked: Double?

  /// A picture of any panels.
  public init(title: String, panels: [Panel], marked: Double? = nil) {
    self.title = title
    self.panels = panels
    self.marked = marked
  }

  /// Loss, validation score and learning rate of a training.
  ///
  /// - Parameters:
  ///   - steps: What `Trainer.fit` told of each step; those of a resumed training start where it went
  ///     on.
  ///   - score: What the validation score measures.
  public init(
    _ record: TrainingRecord, steps: [StepRecord] = [], title: String = "Training",
    score: String = "validation score"
  ) {
    // A step lies within its epoch; an epoch's mean belongs to its end.
    let batches = Dictionary(
      record.epochs.map { ($0.epoch, $0.batches) }, uniquingKeysWith: { first, _ in first })
    let last = steps.last.map { $0.batch + 1 } ?? 1
    func place(_ step: StepRecord) -> Double {
      Double(step.epoch - 1) + Double(step.batch + 1) / Double(max(batches[step.epoch] ?? last, 1))
    }
    func curve(_ value: (EpochRecord) -> Double?) -> [(x: Double, y: Double)] {
      record.epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } }
    }
    var loss = [Series("mean of an epoch", curve(\.loss))]
    var rate = Series("each epoch", curve(\.learningRate))
    if !steps.isEmpty {
      loss.insert(Series("steps", steps.map { (place($0), $0.loss) }, isDotted: false), at: 0)
      if steps.first?.step == 0 {
        rate = Series("steps", steps.map { (place($0), $0.learningRate) }, isDotted: false)
      }
    }
    self.init(
      title: title,
      panels: [
        Panel("training loss", loss), Panel(score, [Series("each epoch", curve(\.score))]),
        Panel("learning rate", [rate]),
      ],
      marked: record.best.map { Double($0.epoch) })
  }
}
