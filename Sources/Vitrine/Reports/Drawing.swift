/// A picture of vector shapes. Colours are classes, so that one picture suits light and dark pages.
package struct Drawing: Sendable {
  /// Where a text stands relative to its point.
  enum Anchor: String { case start, middle, end }

  /// What colour a shape has: the page's ink in two strengths, a grid line, or a series.
  enum Ink: Sendable {
    case strong, weak, grid, series(Int)

    var name: String {
      switch self {
      case .strong: "ink"
      case .weak: "weak"
      case .grid: "grid"
      case .series(let index): "s\(index % 6)"
      }
    }
  }

  package let title: String
  let width: Double
  let height: Double
  private var body = ""

  init(title: String, width: Double, height: Double) {
    self.title = title
    self.width = width
    self.height = height
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ ink: Ink = .grid,
    dashed: Bool = false
  ) {
    body +=
      "<line class=\"\(ink.name) l\" x1=\"\(pixels(x1))\" y1=\"\(pixels(y1))\""
      + " x2=\"\(pixels(x2))\" y2=\"\(pixels(y2))\"\(dashed ? " stroke-dasharray=\"4 3\"" : "")/>"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: Ink,
    isTranslucent: Bool = false, tip: String? = nil
  ) {
    shape(
      "rect",
      "x=\"\(pixels(x))\" y=\"\(pixels(y))\" width=\"\(pixels(max(width, 0)))\""
        + " height=\"\(pixels(max(height, 0)))\"\(isTranslucent ? " fill-opacity=\"0.5\"" : "")",
      ink, tip)
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ ink: Ink, tip: String? = nil) {
    shape("circle", "cx=\"\(pixels(x))\" cy=\"\(pixels(y))\" r=\"\(pixels(radius))\"", ink, tip)
  }

  mutating func path(_ points: [(x: Double, y: Double)], _ ink: Ink) {
    let text = points.map { "\(pixels($0.x)),\(pixels($0.y))" }.joined(separator: " ")
    body += "<polyline class=\"\(ink.name) l\" stroke-width=\"2\" points=\"\(text)\"/>"
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, _ ink: Ink = .strong
  ) {
    body +=
      "<text class=\"\(ink.name) f\" x=\"\(pixels(x))\" y=\"\(pixels(y))\""
      + " text-anchor=\"\(anchor.rawValue)\">\(escaped(text))</text>"
  }

  /// What a pointer that rests on the shape is shown.
  private mutating func shape(_ name: String, _ attributes: String, _ ink: Ink, _ tip: String?) {
    let start = "<\(name) class=\"\(ink.name) f\" \(attributes)"
    body += tip.map { "\(start)><title>\(escaped($0))</title></\(name)>" } ?? "\(start)/>"
  }

  /// For a page that has the style sheet.
  var inline: String {
    let size = "width=\"\(pixels(width))\" height=\"\(pixels(height))\""
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \(size)"
      + " viewBox=\"0 0 \(pixels(width)) \(pixels(height))\" font-family=\"system-ui, sans-serif\""
      + " font-size=\"12\"><title>\(escaped(title))</title>\(body)</svg>"
  }

  /// A document of its own, background included.
  package func svg() -> String {
    let style =
      "<style>\(Self.style)</style><rect class=\"page f\" width=\"100%\" height=\"100%\"/>"
    return inline.replacing("</title>", with: "</title>\(style)", maxReplacements: 1) + "\n"
  }

  /// Colours that people with any colour vision tell apart (Okabe and Ito, 2008), for white and for
  /// dark pages.
  static let style: String = {
    let light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
    let dark = ["#56b4e9", "#e69f00", "#2fc79d", "#e39bc5", "#f0e442", "#7aa6c2"]
    func rules(_ colours: [String], page: String, ink: String, weak: String, grid: String)
      -> String
    {
      let all =
        [("page", page), ("ink", ink), ("weak", weak), ("grid", grid)]
        + colours.enumerated().map { ("s\($0)", $1) }
      return all.map { ".\($0).f{fill:\($1)}.\($0).l{stroke:\($1);fill:none}" }.joined()
    }
    return rules(light, page: "#fff", ink: "#222", weak: "#666", grid: "#e2e2e2")
      + "@media(prefers-color-scheme:dark){"
      + rules(dark, page: "#16181c", ink: "#e8e8e8", weak: "#a5a5a5", grid: "#3a3d42") + "}"
  }()
}
