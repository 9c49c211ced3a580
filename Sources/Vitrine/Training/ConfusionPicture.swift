import Foundation
import VisualEncoder

/// A confusion matrix as SVG: rows are true classes, columns what they were taken for. The darker a
/// field, the larger its share of the row.
struct ConfusionPicture {
  private let report: ClassificationReport
  private let title: String
  private let field = 44
  private let letter = 7

  init(_ report: ClassificationReport, title: String) {
    (self.report, self.title) = (report, title)
  }

  /// Self-contained, on white.
  var svg: String {
    let names = report.classes
    let margin = 24 + letter * (names.map(\.count).max() ?? 0)
    let count = names.count
    let (left, top) = (margin, margin + 24)
    let width = max(left + count * field + 80, letter * title.count + 24)
    let height = top + count * field + 16
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        + " width=\"\(width)\" height=\"\(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      text(12, 18, title, "font-weight=\"bold\""),
      text(left + count * field + 8, top - 6, "recall"),
    ]
    for (index, name) in names.enumerated() {
      let middle = index * field + field / 2
      parts.append(text(left - 8, top + middle + 4, name, "text-anchor=\"end\""))
      parts.append(
        text(
          left + middle + 4, top - 8, name,
          "transform=\"rotate(-60 \(left + middle + 4) \(top - 8))\""))
      let recall = report.recall[index].map { String(format: "%.2f", $0) } ?? "–"
      parts.append(text(left + count * field + 8, top + middle + 4, recall))
    }
    for (row, counts) in report.confusion.enumerated() {
      let total = counts.reduce(0, +)
      for (column, number) in counts.enumerated() {
        let share = Double(number) / Double(max(total, 1))
        parts.append(square(left + column * field, top + row * field, share, row == column))
        guard number > 0 else { continue }
        parts.append(
          text(
            left + column * field + field / 2, top + row * field + field / 2 + 4, "\(number)",
            "text-anchor=\"middle\" fill=\"\(share > 0.5 ? "white" : "black")\""))
      }
    }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func square(_ x: Int, _ y: Int, _ share: Double, _ isRight: Bool) -> String {
    // Blue where it is right, red where it is wrong; the root shows also the small ones.
    let (full, depth) = (isRight ? (31, 78, 121) : (178, 24, 43), share.squareRoot())
    func mix(_ part: Int) -> Int { Int(255 - Double(255 - part) * depth) }
    return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(field)\" height=\"\(field)\" stroke=\"#ddd\""
      + " fill=\"rgb(\(mix(full.0)),\(mix(full.1)),\(mix(full.2)))\"/>"
  }

  private func text(_ x: Int, _ y: Int, _ words: String, _ attributes: String = "") -> String {
    let safe = words.replacingOccurrences(of: "&", with: "&amp;")
      .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
    return "<text x=\"\(x)\" y=\"\(y)\" \(attributes)>\(safe)</text>"
  }
}
