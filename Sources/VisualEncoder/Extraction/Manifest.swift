import Foundation

/// The two forms of a manifest.
enum Manifest {
  struct Row {
    let line: Int
    let id: String
    let path: String?
    let category: String?
    /// Of a training manifest only.
    let label: String?
  }

  static func jsonLines(_ text: String, _ file: String) throws(VisualEncoderError) -> [Row] {
    struct Record: Decodable {
      let id: String
      let path: String?
      let category: String?
      let label: String?
    }
    var rows: [Row] = []
    let decoder = JSONDecoder()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(where: { !$0.isWhitespace }) {
      do {
        let record = try decoder.decode(Record.self, from: Data(line.utf8))
        rows.append(
          Row(
            line: index + 1, id: record.id, path: record.path, category: record.category,
            label: record.label))
      } catch {
        throw .at(
          file, index + 1,
          "expected an object with strings \"id\", \"path\" and perhaps"
            + " \"category\" and \"label\"")
      }
    }
    return rows
  }

  static func csv(_ text: String, _ file: String) throws(VisualEncoderError) -> [Row] {
    var records = try records(text, file)
    guard !records.isEmpty else { throw .at(file, 1, "the header id,path,category is missing") }
    let header = records.removeFirst().fields
    guard let id = header.firstIndex(of: "id"), let path = header.firstIndex(of: "path") else {
      throw .at(file, 1, "the header needs the columns id and path; it has \(header)")
    }
    let category = header.firstIndex(of: "category")
    let label = header.firstIndex(of: "label")
    var rows: [Row] = []
    for record in records {
      guard record.fields.count == header.count else {
        throw .at(
          file, record.line, "\(record.fields.count) fields under a header of \(header.count)")
      }
      rows.append(
        Row(
          line: record.line, id: record.fields[id], path: record.fields[path],
          category: category.map { record.fields[$0] }, label: label.map { record.fields[$0] }))
    }
    return rows
  }

  /// Records of RFC 4180: fields may be quoted, and then hold commas, line breaks and doubled quotes.
  private static func records(
    _ text: String, _ file: String
  ) throws(VisualEncoderError) -> [(line: Int, fields: [String])] {
    var records: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var (line, start) = (1, 1)
    var (isQuoted, wasQuoted) = (false, false)
    func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
      wasQuoted = false
    }
    func endRecord() {
      endField()
      if fields != [""] { records.append((start, fields)) }
      fields = []
      start = line + 1
    }
    var bytes = Array(text.utf8)[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "\"") where isQuoted:
        if bytes.first == byte {
          field.append(byte)
          bytes.removeFirst()
        } else {
          isQuoted = false
        }
      case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted:
        (isQuoted, wasQuoted) = (true, true)
      case UInt8(ascii: ",") where !isQuoted: endField()
      case UInt8(ascii: "\r") where !isQuoted && bytes.first == UInt8(ascii: "\n"): continue
      case UInt8(ascii: "\n"):
        if isQuoted { field.append(byte) } else { endRecord() }
        line += 1
      default: field.append(byte)
      }
    }
    guard !isQuoted else { throw .at(file, start, "a quoted field does not end") }
    if !field.isEmpty || !fields.isEmpty || wasQuoted { endRecord() }
    return records
  }
}
