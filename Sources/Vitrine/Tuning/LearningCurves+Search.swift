import NeuralNetworks

extension LearningCurves {
  /// The course of a search: what each trial reached, and the best until then; a panel for each rung.
  init(_ trials: [Trial], winner: Trial, metric: String) {
    let rungs = Set(trials.map(\.rung)).sorted()
    let panels = rungs.map { rung in
      let scored = trials.filter { $0.rung == rung }.compactMap { trial in
        trial.score.map { (x: Double(trial.trial), y: $0) }
      }
      var best = -Double.infinity
      let records = scored.map { point in
        best = max(best, point.y)
        return (x: point.x, y: best)
      }
      let title = rungs.count > 1 ? "\(metric), rung \(rung + 1) of \(rungs.count)" : metric
      return Panel(
        title, [Series("each trial", scored), Series("best so far", records, isDotted: false)])
    }
    self.init(title: "Search", panels: panels, marked: Double(winner.trial), axis: "trial")
  }
}
