/// Horizontal bars, a group of them for each label.
package struct BarChart: Sendable {
  /// A bar's length in each group.
  package struct Series: Sendable {
    package var name: String
    package var values: [Double]

    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  package var title: String
  package var labels: [String]
  package var series: [Series]
  /// Values at which a line is drawn, with what it means.
  package var limits: [(value: Double, name: String)]
  /// How a value is written at the end of its bar.
  package var format: @Sendable (Double) -> String

  package init(
    title: String, labels: [String], series: [Series], limits: [(value: Double, name: String)] = [],
    format: @escaping @Sendable (Double) -> String = readable
  ) {
    precondition(
      series.allSatisfy { $0.values.count == labels.count },
      "\(labels.count) labels need as many values in every series.")
    self.title = title
    self.labels = labels
    self.series = series
    self.limits = limits
    self.format = format
  }

  package func drawing() -> Drawing {
    let bar = series.count > 1 ? 9.0 : 14.0
    let group = Double(series.count) * bar + 8
    let names = labels.map { String($0.prefix(36)) }
    let left = 16 + 6.6 * Double(names.map(\.count).max() ?? 0)
    let right = 640.0
    let top = series.count > 1 || !limits.isEmpty ? 30.0 : 12
    let bottom = top + group * Double(labels.count)
    var drawing = Drawing(title: title, width: 720, height: bottom + 28)
    let x = PlotScale(
      series.flatMap(\.values) + limits.map(\.value) + [0], pixels: (left, right))
    for tick in x.ticks {
      drawing.line(x(tick), top, x(tick), bottom)
      drawing.text(readable(tick), x(tick), bottom + 16, .middle, .weak)
    }
    for (index, label) in names.enumerated() {
      let y = top + group * Double(index) + 4
      drawing.text(label, left - 8, y + group / 2, .end)
      for (number, one) in series.enumerated() {
        let value = one.values[index]
        guard value.isFinite else { continue }
        let (zero, end) = (x(min(max(0, x.lower), x.upper)), x(value))
        drawing.rectangle(
          min(zero, end), y + Double(number) * bar, max((end - zero).magnitude, 1), bar - 1,
          .series(number), tip: "\(labels[index]), \(one.name): \(format(value))")
        drawing.text(format(value), max(zero, end) + 4, y + Double(number) * bar + bar - 3)
      }
    }
    var free = 0.0
    for limit in limits.sorted(by: { $0.value < $1.value }) {
      let place = x(limit.value)
      drawing.line(place, top - 4, place, bottom, .weak, dashed: true)
      let half = 3.3 * Double(limit.name.count) + 3
      // Two names must not overlap; their lines say where they are.
      guard place - half >= free else { continue }
      drawing.text(limit.name, place, top - 8, .middle, .weak)
      free = place + half
    }
    if series.count > 1 { drawing.legend(series.map(\.name), left, 14) }
    return drawing
  }
}

extension Drawing {
  /// Names of the series with their colours, in a row.
  mutating func legend(_ names: [String], _ x: Double, _ y: Double) {
    var place = x
    for (index, name) in names.enumerated() {
      rectangle(place, y - 9, 10, 10, .series(index))
      text(name, place + 15, y)
      place += 32 + 6.6 * Double(name.count)
    }
  }
}
