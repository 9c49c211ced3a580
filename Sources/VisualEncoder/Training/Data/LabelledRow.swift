import Foundation

/// A picture and the names of its classes, as they were found.
struct LabelledRow {
  let id: String
  let path: String
  let labels: [String]
  let category: String?
  /// File and line, or the file itself: where complaints point.
  let place: String

  static func read(_ input: String) throws(VisualEncoderError) -> [LabelledRow] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: input, isDirectory: &isFolder) else {
      throw VisualEncoderError(
        .invalidInput, path: input,
        reason: "there is no such file or folder; give a folder whose sub-folders are the classes,"
          + " or a manifest with the columns id, path and label")
    }
    let rows: [LabelledRow]
    if isFolder.boolValue {
      rows = try folder(input)
    } else {
      switch (input as NSString).pathExtension.lowercased() {
      case "csv": rows = try manifest(input, Manifest.csv)
      case "jsonl", "ndjson": rows = try manifest(input, Manifest.jsonLines)
      default:
        throw VisualEncoderError(
          .invalidInput, path: input,
          reason: "give a folder, or a manifest that ends in .csv or .jsonl")
      }
    }
    guard !rows.isEmpty else {
      throw VisualEncoderError(
        .invalidInput, path: input, reason: "there is not one picture; check the path")
    }
    return rows
  }

  private static func folder(_ root: String) throws(VisualEncoderError) -> [LabelledRow] {
    var rows: [LabelledRow] = []
    for item in try ImageList.read(root) {
      guard let path = item.path else { continue }
      let parts = item.id.split(separator: "/", maxSplits: 1)
      guard parts.count == 2, let name = parts.first else {
        throw VisualEncoderError(
          .invalidInput, path: path,
          reason: "the picture lies in no class; put it into a sub-folder of \(root) that is named"
            + " after its class")
      }
      rows.append(
        LabelledRow(id: item.id, path: path, labels: [String(name)], category: nil, place: path))
    }
    let filled = Set(rows.flatMap(\.labels))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    for name in names.sorted() where !name.hasPrefix(".") && !filled.contains(name) {
      var isFolder: ObjCBool = false
      let path = "\(root)/\(name)"
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        throw VisualEncoderError(
          .invalidInput, path: path,
          reason: "the class has no picture; remove the folder or fill it")
      }
    }
    return rows
  }

  private static func manifest(
    _ path: String, _ parse: (String, String) throws(VisualEncoderError) -> [Manifest.Row]
  ) throws(VisualEncoderError) -> [LabelledRow] {
    var rows: [LabelledRow] = []
    for row in try ImageList.rows(of: path, parse) {
      guard let text = row.label else {
        throw .at(path, row.line, "item \"\(row.id)\" has no label; add the column label")
      }
      let labels = text.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      }.filter { !$0.isEmpty }
      guard !labels.isEmpty else {
        throw .at(path, row.line, "the label of item \"\(row.id)\" is empty; name its class")
      }
      guard Set(labels).count == labels.count else {
        throw .at(path, row.line, "item \"\(row.id)\" has a class twice: \(text)")
      }
      guard let file = ImageList.file(row, of: path) else {
        throw .at(path, row.line, "item \"\(row.id)\" has no picture; remove the line")
      }
      rows.append(
        LabelledRow(
          id: row.id, path: file, labels: labels,
          category: row.category.flatMap { $0.isEmpty ? nil : $0 }, place: "\(path):\(row.line)"))
    }
    return rows
  }
}
