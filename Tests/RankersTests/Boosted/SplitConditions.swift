import Foundation

/// The numbers of all nodes of a model file, read with another parser.
struct SplitConditions {
  var values: [Float] = []

  init(_ json: [UInt8]) throws {
    let text = String(decoding: json, as: UTF8.self)
    for piece in text.components(separatedBy: "\"split_conditions\":[").dropFirst() {
      for number in piece.prefix(while: { $0 != "]" }).split(separator: ",") {
        if let value = Float(number), value.isFinite { values.append(value) }
      }
    }
  }
}
