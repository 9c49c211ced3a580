/// Curves over one axis.
package struct LineChart: Sendable {
  package struct Series: Sendable {
    package var name: String
    package var points: [(x: Double, y: Double)]

    package init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  package var title: String
  package var horizontal: String
  package var vertical: String
  package var series: [Series]
  /// Whether the horizontal axis counts something.
  package var counts: Bool

  package init(
    title: String, horizontal: String, vertical: String, series: [Series], counts: Bool = false
  ) {
    self.counts = counts
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.series = series
  }

  package func drawing() -> Drawing {
    let (left, right, top, bottom) = (64.0, 700.0, 34.0, 270.0)
    var drawing = Drawing(title: title, width: 720, height: 316)
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let x = PlotScale(points.map(\.x), pixels: (left, right), count: 8, whole: counts)
    let y = PlotScale(points.map(\.y), pixels: (bottom, top))
    drawing.axes(x, y, left: left, right: right, top: top, bottom: bottom)
    for (index, one) in series.enumerated() {
      let known = one.points.filter { $0.x.isFinite && $0.y.isFinite }
        .map { (x: x($0.x), y: y($0.y)) }
      if known.count > 1 { drawing.path(known, .series(index)) }
      if known.count < 60 {
        for point in known { drawing.circle(point.x, point.y, 2.5, .series(index)) }
      }
    }
    drawing.text(horizontal, (left + right) / 2, bottom + 38, .middle, .weak)
    drawing.text(vertical, left, top - 10, .start, .weak)
    if series.count > 1 {
      drawing.legend(series.map(\.name), left + 16 + 6.6 * Double(vertical.count), top - 10)
    }
    return drawing
  }
}

extension Drawing {
  /// Grid lines and numbers of both axes; of the vertical one alone where `x` is nil.
  mutating func axes(
    _ x: PlotScale?, _ y: PlotScale, left: Double, right: Double, top: Double, bottom: Double
  ) {
    for tick in y.ticks {
      line(left, y(tick), right, y(tick))
      text(readable(tick), left - 6, y(tick) + 4, .end, .weak)
    }
    if let x {
      for tick in x.ticks {
        line(x(tick), top, x(tick), bottom)
        text(readable(tick), x(tick), bottom + 18, .middle, .weak)
      }
    }
    line(left, bottom, right, bottom, .weak)
    line(left, top, left, bottom, .weak)
  }
}
