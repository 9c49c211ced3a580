package enum TableFiles {
  package static func bench(_ path: String, _ folder: String?) throws -> Table {
    let text: Set<ColumnKind> = [.text]
    let number: Set<ColumnKind> = [.number]
    var b = TableBuilder(
      ColumnSelection([
        "request": text, "user": text, "item": text, "timestamp": number, "device": text,
        "city": text, "genres": text, "price": number, "age": number, "duration": number,
        "score": number, "click": number,
      ]), folder: folder)
    try b.read(DelimitedReader(path: path))
    return try b.finish()
  }
}
