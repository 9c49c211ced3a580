import Foundation

/// Sizes in pixels.
private enum Layout {
  static let width = 760.0
  static let left = 72.0
  static let right = 20.0
  static let top = 48.0
  static let panel = 190.0
  static let gap = 44.0
  static let bottom = 46.0
  /// Colours that people with any colour vision tell apart (Okabe and Ito, 2008), pale first: noisy
  /// curves lie below smooth ones.
  static let colours = ["#56b4e9", "#d55e00", "#009e73", "#0072b2", "#cc79a7", "#e69f00"]
  /// A curve of more points is thinned: nobody sees them, and the file stays small.
  static let points = 600
}

extension LearningCurves {
  /// The picture as one self-contained SVG document, white background included.
  public func svg() -> String {
    let height =
      Layout.top + Double(panels.count) * (Layout.panel + Layout.gap) - Layout.gap + Layout.bottom
    let places = panels.flatMap(\.series).flatMap { $0.points.map(\.x) }
    let x = Axis(
      places + [0], pixels: (Layout.left, Layout.width - Layout.right), count: 10, whole: true)
    var body = ""
    for (index, panel) in panels.enumerated() {
      body += draw(panel, x, top: Layout.top + Double(index) * (Layout.panel + Layout.gap))
    }
    if let marked, x.range.contains(marked) {
      let (place, isLate) = (x.place(marked), x.place(marked) > Layout.width / 2)
      body += text(
        "kept", place + (isLate ? -5 : 5), Layout.top + 12, anchor: isLate ? "end" : "start")
    }
    let bottom = height - Layout.bottom
    for tick in x.ticks {
      body += text(x.label(tick), x.place(tick), bottom + 18, anchor: "middle")
    }
    body += text("epoch", (Layout.left + Layout.width) / 2, bottom + 36, anchor: "middle")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(Layout.width))" \
      height="\(number(height))" viewBox="0 0 \(number(Layout.width)) \(number(height))" \
      font-family="system-ui, sans-serif" font-size="12" fill="#333">
      <title>\(escaped(title))</title>
      <rect width="100%" height="100%" fill="#fff"/>
      \(text(title, Layout.left, 24, size: 16))\(body)</svg>

      """
  }

  private func draw(_ panel: Panel, _ x: Axis, top: Double) -> String {
    let bottom = top + Layout.panel
    let y = Axis(
      panel.series.flatMap { $0.points.map(\.y) }, pixels: (bottom, top), count: 5)
    var out = text(panel.title, Layout.left, top - 6, size: 13)
    for tick in y.ticks {
      out += line(Layout.left, y.place(tick), Layout.width - Layout.right, y.place(tick), "#e4e4e4")
      out += text(y.label(tick), Layout.left - 8, y.place(tick) + 4, anchor: "end")
    }
    for tick in x.ticks { out += line(x.place(tick), bottom, x.place(tick), bottom + 5, "#888") }
    if let marked, x.range.contains(marked) {
      let place = x.place(marked)
      out += line(place, top, place, bottom, "#888", dashed: true)
    }
    out += line(Layout.left, bottom, Layout.width - Layout.right, bottom, "#888")
    out += line(Layout.left, top, Layout.left, bottom, "#888")
    // A single curve takes the strong colour.
    let first = panel.series.count == 1 ? 1 : 0
    var legend = Layout.width - Layout.right
    for (index, series) in panel.series.enumerated().reversed() {
      legend -= Double(series.name.count) * 6.6
      let colour = Layout.colours[(first + index) % Layout.colours.count]
      out += text(series.name, legend, top - 6)
      out += line(legend - 24, top - 10, legend - 6, top - 10, colour, width: 2)
      legend -= 44
    }
    for (index, series) in panel.series.enumerated() {
      out += draw(series, x, y, Layout.colours[(first + index) % Layout.colours.count])
    }
    return out
  }

  private func draw(_ series: Series, _ x: Axis, _ y: Axis, _ colour: String) -> String {
    let places = series.thinned(to: Layout.points).map { (x.place($0.x), y.place($0.y)) }
    let points = places.map { "\(number($0.0)),\(number($0.1))" }
    var out = """
      <polyline points="\(points.joined(separator: " "))" fill="none" stroke="\(colour)" \
      stroke-width="\(series.isDotted ? 2 : 1)" stroke-linejoin="round"/>

      """
    if series.isDotted, places.count <= 80 {
      for (px, py) in places {
        out += "<circle cx=\"\(number(px))\" cy=\"\(number(py))\" r=\"2.5\" fill=\"\(colour)\"/>\n"
      }
    }
    return out
  }
}

extension LearningCurves.Series {
  /// At most `count` points: means of neighbours. Points that are not finite are left out.
  fileprivate func thinned(to count: Int) -> [(x: Double, y: Double)] {
    let finite = points.filter { abs($0.x) <= 1e300 && abs($0.y) <= 1e300 }
    guard finite.count > count else { return finite }
    return (0..<count).map { index in
      let part = finite[finite.count * index / count..<finite.count * (index + 1) / count]
      let size = Double(part.count)
      return (
        part.reduce(0) { $0 + $1.x / size }, part.reduce(0) { $0 + $1.y / size }
      )
    }
  }
}

private func number(_ value: Double) -> String { String(format: "%.1f", value) }

private func line(
  _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, width: Int = 1,
  dashed: Bool = false
) -> String {
  """
  <line x1="\(number(x1))" y1="\(number(y1))" x2="\(number(x2))" y2="\(number(y2))" \
  stroke="\(colour)" stroke-width="\(width)"\(dashed ? " stroke-dasharray=\"4 4\"" : "")/>

  """
}

private func text(
  _ content: String, _ x: Double, _ y: Double, size: Int = 12, anchor: String = "start"
) -> String {
  """
  <text x="\(number(x))" y="\(number(y))" font-size="\(size)" text-anchor="\(anchor)">\
  \(escaped(content))</text>

  """
}

/// Text for XML: its special characters as entities, control characters (which XML forbids) dropped.
private func escaped(_ text: String) -> String {
  var out = ""
  for character in text.unicodeScalars {
    switch character {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    case _ where character.value < 32 || (0xFFFE...0xFFFF).contains(character.value): out += " "
    default: out.unicodeScalars.append(character)
    }
  }
  return out
}
