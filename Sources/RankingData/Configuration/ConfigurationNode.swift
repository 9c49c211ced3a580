import Yams

/// A value of a YAML file that knows where it stands, so that every complaint about it can name
/// file, line, column and key.
package struct ConfigurationNode {
  let node: Node
  private let file: String?
  /// Dotted keys from the top of the file; empty at the top.
  package let path: String

  private init(_ node: Node, file: String?, path: String) {
    self.node = node
    self.file = file
    self.path = path
  }

  /// A node at another's place in the same file.
  init(_ node: Node, of other: ConfigurationNode) {
    self.init(node, file: other.file, path: other.path)
  }

  /// Reads one YAML document.
  package init(yaml: String, file: String? = nil) throws(RankingDataError) {
    let composed: Node?
    do {
      composed = try compose(yaml: yaml)
    } catch YamlError.parser(_, let problem, let mark, _), YamlError.scanner(
      _, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _)
    {
      throw RankingDataError(
        .syntax, file: file, line: mark.line, column: mark.column,
        problem: "This is not YAML: \(problem).", remedy: "Check the indentation and colons.")
    } catch {
      throw RankingDataError(
        .syntax, file: file, problem: "This is not YAML: \(error).",
        remedy: "Check that keys are unique and the text is UTF-8.")
    }
    guard let composed else {
      throw RankingDataError(
        .syntax, file: file, problem: "The document is empty.", remedy: "Write at least one key.")
    }
    self.init(composed, file: file, path: "")
  }

  /// Reads a YAML file.
  package init(path: String) throws(RankingDataError) {
    var source = try ByteSource(path: path)
    var bytes: [UInt8] = []
    while let chunk = try source.next() { bytes.append(contentsOf: chunk) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RankingDataError(
        .encoding, file: path, problem: "The file is not UTF-8.", remedy: "Convert it.")
    }
    try self.init(yaml: text, file: path)
  }

  private var what: String { path.isEmpty ? "The document" : "\"\(path)\"" }

  /// An error that points at this value.
  package func failure(
    _ code: RankingDataError.Code, _ problem: String, _ remedy: String
  ) -> RankingDataError {
    RankingDataError(
      code, file: file, line: node.mark?.line, column: node.mark?.column,
      problem: "\(what): \(problem)", remedy: remedy)
  }

  /// Whether the value is a mapping.
  package var isMapping: Bool { node.mapping != nil }

  /// The members of a mapping that may hold exactly these keys.
  /// - Throws: an error naming the nearest legal key for any other.
  package func members(_ legal: [String]) throws(RankingDataError) -> [String: ConfigurationNode] {
    guard let mapping = node.mapping else {
      throw failure(
        .badValue, "keys and values are expected here.",
        "Legal keys: "
          + legal.joined(separator: ", ") + ".")
    }
    var members: [String: ConfigurationNode] = [:]
    for (keyNode, value) in mapping {
      let key = keyNode.scalar?.string ?? ""
      guard legal.contains(key) else {
        throw RankingDataError(
          .unknownKey, file: file, line: keyNode.mark?.line, column: keyNode.mark?.column,
          problem: "The key \"\(path.isEmpty ? key : "\(path).\(key)")\" means nothing.",
          remedy: suggestion(for: key, in: legal))
      }
      // A key without a value is as good as absent.
      if value.null != nil, value.scalar?.style == .plain { continue }
      members[key] = ConfigurationNode(
        value, file: file, path: path.isEmpty ? key : "\(path).\(key)")
    }
    return members
  }

  /// The members of a mapping whose keys are the user's own.
  package func allMembers() throws(RankingDataError) -> [String: ConfigurationNode] {
    try members(node.mapping?.keys.compactMap { $0.scalar?.string } ?? [])
  }

  /// The elements of a list.
  package func elements() throws(RankingDataError) -> [ConfigurationNode] {
    guard let sequence = node.sequence else {
      throw failure(.badValue, "a list is expected here.", "Write it as [a, b].")
    }
    return sequence.enumerated().map { index, element in
      ConfigurationNode(element, file: file, path: "\(path)[\(index)]")
    }
  }

  /// A text.
  package func string() throws(RankingDataError) -> String {
    guard let scalar = node.scalar else {
      throw failure(.badValue, "a text is expected here.", "Write one value.")
    }
    return scalar.string
  }

  /// A whole number in a range.
  package func integer(in range: ClosedRange<Int>) throws(RankingDataError) -> Int {
    guard let value = Int(try string()), range.contains(value) else {
      let bounds =
        range.upperBound == .max
        ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw failure(
        .badValue, "\"\(try string())\" is no whole number \(bounds).", "Correct the number.")
    }
    return value
  }

  /// A finite number in a range.
  package func number(in range: ClosedRange<Double>) throws(RankingDataError) -> Double {
    guard let value = Double(try string()), value.isFinite, range.contains(value) else {
      throw failure(
        .badValue,
        "\"\(try string())\" is no number from \(range.lowerBound) to \(range.upperBound).",
        "Correct the number.")
    }
    return value
  }

  /// `true` or `false`.
  package func flag() throws(RankingDataError) -> Bool {
    switch try string() {
    case "true": return true
    case "false": return false
    default:
      throw failure(.badValue, "\"\(try string())\" is no switch.", "Write true or false.")
    }
  }

  /// One of a fixed set of words.
  package func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type)
    throws(RankingDataError) -> Choice where Choice.RawValue == String
  {
    let text = try string()
    guard let choice = Choice(rawValue: text) else {
      throw failure(
        .badValue, "\"\(text)\" means nothing.",
        suggestion(for: text, in: Choice.allCases.map(\.rawValue)))
    }
    return choice
  }
}
