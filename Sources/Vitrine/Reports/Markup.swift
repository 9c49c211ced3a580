import Foundation

/// Text as HTML and SVG show it: nothing in it is taken for markup, in an attribute either.
package func escaped(_ text: some StringProtocol) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // Control characters are no legal XML, even as references.
    case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}":
      result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// A coordinate with at most one decimal.
func pixels(_ value: Double) -> String {
  let rounded = (value * 10).rounded() / 10
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}

/// A number as a person reads it: four significant digits, no exponent where none is needed.
package func readable(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "-∞" }
  if value == value.rounded(), value.magnitude < 1e6 { return "\(Int(value))" }
  guard (1e-4..<1e6).contains(value.magnitude) else {
    let exponent = value.magnitude > 0 ? Int(log10(value.magnitude).rounded(.down)) : 0
    let mantissa = value / pow(10, Double(exponent))
    return "\((mantissa * 100).rounded() / 100)e\(exponent)"
  }
  let digits = 3 - Int(log10(value.magnitude).rounded(.down))
  let scale = pow(10, Double(max(0, digits)))
  return "\((value * scale).rounded() / scale)".droppingZeroFraction
}

/// A share in percent.
package func percent(_ share: Double) -> String {
  if share > 0, share < 0.0005 { return "< 0.1 %" }
  return "\((share * 1000).rounded() / 10 + 0)".droppingZeroFraction + " %"
}

extension String {
  fileprivate var droppingZeroFraction: String { hasSuffix(".0") ? String(dropLast(2)) : self }
}
