package import RankingEvaluation

/// Predicted probabilities against observed rates: a calibrated model lies on the diagonal.
package struct ReliabilityChart: Sendable {
  package var title: String
  package var series: [(name: String, calibration: Calibration)]

  package init(title: String, series: [(name: String, calibration: Calibration)]) {
    self.title = title
    self.series = series
  }

  package func drawing() -> Drawing {
    let (left, right, top, bottom) = (64.0, 464.0, 34.0, 434.0)
    var drawing = Drawing(title: title, width: 500, height: 484)
    let bins = series.flatMap { $0.calibration.bins }
    // Click rates are small: the picture ends where the data does, on both axes alike.
    let values = [0] + bins.map(\.predicted) + bins.map(\.observed)
    let x = PlotScale(values, pixels: (left, right))
    let y = PlotScale(values, pixels: (bottom, top))
    drawing.axes(x, y, left: left, right: right, top: top, bottom: bottom)
    drawing.line(x(x.lower), y(x.lower), x(x.upper), y(x.upper), .weak, dashed: true)
    let total = series.map { $0.calibration.bins.reduce(0) { $0 + $1.weight } }
    for (index, one) in series.enumerated() {
      let bins = one.calibration.bins
      drawing.path(bins.map { (x($0.predicted), y($0.observed)) }, .series(index))
      for bin in bins {
        // The area of a mark is the bin's share.
        let share = bin.weight / max(total[index], 1e-12)
        drawing.circle(
          x(bin.predicted), y(bin.observed), max(2, 16 * share.squareRoot()), .series(index),
          tip: "\(bin.count) rows: predicted \(readable(bin.predicted)),"
            + " observed \(readable(bin.observed))")
      }
    }
    drawing.text("predicted", (left + right) / 2, bottom + 38, .middle, .weak)
    drawing.text("observed", left, top - 10, .start, .weak)
    if series.count > 1 { drawing.legend(series.map(\.name), left + 70, top - 10) }
    return drawing
  }
}
