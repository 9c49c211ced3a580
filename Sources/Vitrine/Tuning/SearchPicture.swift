import Foundation

/// The course of a search, and what each key's values reached: where the points still rise towards an
/// end, the range was too narrow; where they lie level, the key does not matter.
struct SearchPicture {
  let trials: [Trial]
  let winner: Trial
  let metric: String

  private static let panel = (width: 340.0, height: 220.0)
  private static let margin = (left: 64.0, right: 16.0, top: 40.0, bottom: 40.0)

  func drawing() -> Drawing {
    let keys = winner.values.keys.sorted()
    let rows = (keys.count + 2) / 2
    var drawing = Drawing(
      title: "Search", width: 2 * Self.panel.width, height: Double(rows) * Self.panel.height)
    let rungs = Set(trials.map(\.rung)).sorted()
    add(
      to: &drawing, place: 0, axis: .numbers(name: "trial", logarithmic: false),
      value: { Double($0.trial) })
    if rungs.count > 1 { drawing.legend(rungs.map { "rung \($0 + 1)" }, 150, 30) }
    for (index, key) in keys.enumerated() {
      let texts = trials.compactMap { $0.values[key] }
      let numbers = texts.compactMap(Double.init)
      if numbers.count == texts.count {
        let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
        let logarithmic = low > 0 && high / low > 30
        add(
          to: &drawing, place: index + 1, axis: .numbers(name: key, logarithmic: logarithmic),
          value: { trial in
            let number = trial.values[key].flatMap(Double.init) ?? .nan
            return logarithmic ? log10(number) : number
          })
      } else {
        let values = Set(texts).sorted()
        add(
          to: &drawing, place: index + 1, axis: .words(name: key, values),
          value: { trial in
            trial.values[key].flatMap(values.firstIndex).map(Double.init) ?? .nan
          })
      }
    }
    return drawing
  }

  private enum Axis {
    case numbers(name: String, logarithmic: Bool)
    case words(name: String, [String])

    var name: String {
      switch self {
      case .numbers(let name, let logarithmic): logarithmic ? "\(name), powers of ten" : name
      case .words(let name, _): name
      }
    }
  }

  /// One panel: all trials' scores over one value of each.
  private func add(
    to drawing: inout Drawing, place: Int, axis: Axis, value: (Trial) -> Double
  ) {
    let x0 = Double(place % 2) * Self.panel.width
    let y0 = Double(place / 2) * Self.panel.height
    let (left, right) = (x0 + Self.margin.left, x0 + Self.panel.width - Self.margin.right)
    let (top, bottom) = (y0 + Self.margin.top, y0 + Self.panel.height - Self.margin.bottom)
    let known = trials.filter { $0.score?.isFinite == true && value($0).isFinite }
    let y = PlotScale(known.compactMap(\.score), pixels: (bottom, top), count: 4)
    let x: PlotScale
    switch axis {
    case .numbers:
      x = PlotScale(known.map(value), pixels: (left, right), whole: place == 0)
      drawing.axes(x, y, left: left, right: right, top: top, bottom: bottom)
    case .words(_, let words):
      x = PlotScale([-0.5, Double(words.count) - 0.5], pixels: (left, right), count: words.count)
      drawing.axes(nil, y, left: left, right: right, top: top, bottom: bottom)
      for (index, word) in words.enumerated() {
        drawing.text(word, x(Double(index)), bottom + 18, .middle, .weak)
      }
    }
    for trial in known.sorted(by: { $1.isBetter(than: $0) }) {
      let (px, py) = (x(value(trial)), y(trial.score ?? 0))
      let isWinner = trial.trial == winner.trial && trial.rung == winner.rung
      if isWinner { drawing.circle(px, py, 6.5, .strong) }
      drawing.circle(
        px, py, isWinner ? 4.5 : 3.5, .series(trial.rung),
        tip: "trial \(trial.trial): \(readable(trial.score ?? 0))")
    }
    drawing.text(axis.name, (left + right) / 2, bottom + 34, .middle, .weak)
    drawing.text(place == 0 ? metric : "", left, top - 10, .start, .weak)
  }
}
