import Foundation
import Tensors

/// Finds the images that an extraction is asked for.
package enum ImageList {
  /// The items of a folder or of a manifest, ordered by id.
  ///
  /// A folder gives every image file below it under its relative path without extension. A manifest
  /// is CSV with the columns `id`, `path` and perhaps `category`, or JSON Lines with these keys;
  /// other columns are ignored, paths are relative to the manifest, an empty path means no image.
  /// - Throws: `invalidInput` naming file and line.
  package static func read(_ input: String) throws(VisualEncoderError) -> [ExtractionItem] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: input, isDirectory: &isFolder) else {
      throw VisualEncoderError(
        .invalidInput, path: input,
        reason: "there is no such file or folder; give a folder of images, or a manifest")
    }
    let items: [ExtractionItem]
    if isFolder.boolValue {
      items = try folder(input)
    } else {
      switch (input as NSString).pathExtension.lowercased() {
      case "csv": items = try manifest(input, Manifest.csv)
      case "jsonl", "ndjson": items = try manifest(input, Manifest.jsonLines)
      default:
        throw VisualEncoderError(
          .invalidInput, path: input,
          reason: "give a folder, or a manifest that ends in .csv or .jsonl")
      }
    }
    return items.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  /// What people call images. Formats that cannot be read fail one by one, with a reason.
  private static let extensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic",
  ]

  private static func folder(_ root: String) throws(VisualEncoderError) -> [ExtractionItem] {
    guard let names = FileManager.default.enumerator(atPath: root) else {
      throw VisualEncoderError(.invalidInput, path: root, reason: "cannot list the folder")
    }
    var paths: [String: String] = [:]
    for case let name as String in names {
      let file = name as NSString
      guard extensions.contains(file.pathExtension.lowercased()),
        !file.pathComponents.contains(where: { $0.hasPrefix(".") })
      else { continue }
      let id = file.deletingPathExtension
      if let other = paths.updateValue(name, forKey: id) {
        throw VisualEncoderError(
          .invalidInput, path: root,
          reason: "\(other) and \(name) would both be item \"\(id)\"; rename one or use a manifest")
      }
    }
    return paths.map { ExtractionItem(id: $0.key, path: "\(root)/\($0.value)") }
  }

  private static func manifest(
    _ path: String, _ parse: (String, String) throws(VisualEncoderError) -> [Manifest.Row]
  ) throws(VisualEncoderError) -> [ExtractionItem] {
    try rows(of: path, parse).map { row in
      ExtractionItem(
        id: row.id, path: file(row, of: path),
        category: row.category.flatMap { $0.isEmpty ? nil : $0 })
    }
  }

  /// The rows of a manifest, whose ids are neither empty nor repeated.
  static func rows(
    of path: String, _ parse: (String, String) throws(VisualEncoderError) -> [Manifest.Row]
  ) throws(VisualEncoderError) -> [Manifest.Row] {
    let bytes: [UInt8]
    do throws(TensorFileError) { bytes = try FileReading.bytes(of: path) } catch {
      throw VisualEncoderError(.invalidInput, path: path, reason: error.placeless)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw VisualEncoderError(.invalidInput, path: path, reason: "is not UTF-8 text")
    }
    var lines: [String: Int] = [:]
    let rows = try parse(text, path)
    for row in rows {
      guard !row.id.isEmpty else { throw .at(path, row.line, "the id is empty") }
      if let earlier = lines.updateValue(row.line, forKey: row.id) {
        throw .at(path, row.line, "item \"\(row.id)\" was given in line \(earlier) already")
      }
    }
    return rows
  }

  /// Where the image of a row lies; nil where it has none. Paths are relative to the manifest.
  static func file(_ row: Manifest.Row, of manifest: String) -> String? {
    guard let file = row.path, !file.isEmpty else { return nil }
    let folder = (manifest as NSString).deletingLastPathComponent
    return file.hasPrefix("/") || folder.isEmpty ? file : "\(folder)/\(file)"
  }
}

extension VisualEncoderError {
  static func at(_ path: String, _ line: Int, _ reason: String) -> VisualEncoderError {
    VisualEncoderError(.invalidInput, path: "\(path):\(line)", reason: reason)
  }
}
