/// A page of text, tables and pictures in one file: no script, nothing loaded from elsewhere, light
/// or dark as the reader's system is.
package struct HTMLReport: Sendable {
  private let title: String
  private var body = ""

  package init(title: String, subtitle: String = "") {
    self.title = title
    body = "<h1>\(escaped(title))</h1>"
    if !subtitle.isEmpty { body += "<p class=\"weak\">\(escaped(subtitle))</p>" }
  }

  package mutating func heading(_ text: String) { body += "<h2>\(escaped(text))</h2>" }

  package mutating func paragraph(_ text: String) { body += "<p>\(escaped(text))</p>" }

  /// The first column to the left, the others to the right.
  package mutating func table(_ header: [String], _ rows: [[String]]) {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    body +=
      "<div class=\"wide\"><table><thead>\(row(header, "th"))</thead><tbody>"
      + rows.map { row($0, "td") }.joined() + "</tbody></table></div>"
  }

  package mutating func figure(_ drawing: Drawing) {
    body +=
      "<figure class=\"wide\"><figcaption>\(escaped(drawing.title))</figcaption>"
      + "\(drawing.inline)</figure>"
  }

  /// A box that stands out: what was found, the evidence, and what to do.
  package mutating func box(_ kind: String, _ title: String, _ lines: [String]) {
    body +=
      "<section class=\"box \(escaped(kind))\"><h3>\(escaped(title))</h3>"
      + lines.map { "<p>\(escaped($0))</p>" }.joined() + "</section>"
  }

  package func html() -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <style>\(Self.style)\(Drawing.style)</style></head>
    <body><main>\(body)</main></body></html>

    """
  }

  private static let style = """
    :root{--page:#fff;--ink:#222;--weak:#666;--line:#ddd;--box:#f6f7f9;--high:#c0392b;\
    --medium:#c77700;--low:#3a7ca5}
    @media(prefers-color-scheme:dark){:root{--page:#16181c;--ink:#e8e8e8;--weak:#a5a5a5;\
    --line:#3a3d42;--box:#1f2228;--high:#ff7b6b;--medium:#f0b040;--low:#7ab8dd}}
    body{background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;margin:0}
    main{max-width:860px;margin:0 auto;padding:24px 16px 64px}
    h1{font-size:26px;margin:0 0 4px}h2{font-size:20px;margin:40px 0 8px}h3{font-size:16px;margin:0}
    p{margin:6px 0}.weak{color:var(--weak)}.wide{overflow-x:auto}
    table{border-collapse:collapse;margin:10px 0;font-variant-numeric:tabular-nums}
    th,td{padding:4px 12px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
    th:first-child,td:first-child{text-align:left;padding-left:0}
    th{font-weight:600;color:var(--weak)}
    figure{margin:16px 0}figcaption{font-weight:600;margin-bottom:6px}svg{max-width:100%;height:auto}
    .box{background:var(--box);border-left:4px solid var(--low);padding:10px 14px;margin:12px 0}
    .box.high{border-color:var(--high)}.box.medium{border-color:var(--medium)}

    """
}
