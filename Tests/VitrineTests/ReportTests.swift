import Foundation
import RankingEvaluation
import Testing
import Vitrine

@Suite struct ReportTests {
  private let hostile = "<script>alert(\"1\")</script> & 'x' \u{1}"

  @Test func nothingInATextIsMarkup() {
    #expect(escaped("a<b>&\"'\u{0}é") == "a&lt;b&gt;&amp;&quot;&#39;\u{FFFD}é")
    var page = HTMLReport(title: hostile, subtitle: hostile)
    page.heading(hostile)
    page.paragraph(hostile)
    page.table([hostile, "b"], [[hostile, hostile]])
    page.box(hostile, hostile, [hostile])
    page.figure(
      BarChart(
        title: hostile, labels: [hostile], series: [.init(hostile, [1])]
      ).drawing())
    let html = page.html()
    #expect(!html.contains("<script") && !html.contains("\u{1}") && !html.contains("alert(\""))
    // Self-contained: nothing is loaded from elsewhere.
    let links = html.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!links.contains("http") && !links.contains("src=") && !links.contains("url("))
    #expect(html.contains("prefers-color-scheme:dark"))
  }

  @Test func everyElementIsClosed() throws {
    let calibration = try calibration(
      probabilities: [0.1, 0.1, 0.3, 0.3, 0.8], labels: [0, 1, 0, 1, 1], binCount: 3)
    let pictures = [
      BarChart(
        title: "b", labels: ["one", "two"],
        series: [.init("x", [0.5, .nan]), .init("y", [-1, 2])], limits: [(0.25, "limit")]
      ).drawing(),
      HistogramChart(
        title: "h", bins: ["a", "b"], samples: [("train", [0.5, 0.5]), ("test", [0, 1])]
      ).drawing(),
      LineChart(
        title: "l", horizontal: "x", vertical: "y",
        series: [.init("s", [(0, 1), (1, .infinity), (2, 3)])]
      ).drawing(),
      ReliabilityChart(title: "r", series: [("m", calibration)]).drawing(),
      BarChart(title: "none", labels: [], series: []).drawing(),
      LineChart(title: "none", horizontal: "", vertical: "", series: []).drawing(),
    ]
    for picture in pictures {
      let svg = picture.svg()
      #expect(svg.hasPrefix("<svg") && svg.contains("</svg>"))
      #expect(!svg.contains("nan") && !svg.contains("inf\""), "\(picture.title)")
      for name in ["svg", "text", "title", "style"] {
        let opened = svg.ranges(of: "<\(name)").count
        #expect(opened == svg.ranges(of: "</\(name)>").count, "\(picture.title) \(name)")
      }
    }
  }

  @Test func numbersAreReadable() {
    #expect(readable(0.123456) == "0.1235" && readable(12) == "12" && readable(1234.56) == "1235")
    #expect(readable(0.000012) == "1.2e-5" && readable(-0.5) == "-0.5" && readable(.nan) == "–")
    #expect(readable(2.5e9) == "2.5e9" && readable(0) == "0")
    #expect(
      percent(0.1234) == "12.3 %" && percent(0.0001) == "< 0.1 %" && percent(-0.0) == "0 %"
        && percent(1) == "100 %")
  }

  @Test func ticksAreRound() {
    let scale = PlotScale([0.03, 0.97], pixels: (0, 100))
    #expect(scale.lower == 0 && abs(scale.upper - 1) < 1e-12 && scale.ticks.count == 6)
    #expect(PlotScale([5, 5], pixels: (0, 1)).upper > 5)
    #expect(PlotScale([], pixels: (0, 1)).ticks.count > 1)
    #expect(PlotScale([.nan, .infinity, 1], pixels: (0, 1)).upper.isFinite)
  }
}
