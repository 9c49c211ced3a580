import Yams

extension ConfigurationNode {
  /// A copy in which one value is another. Mappings on the way that do not exist yet are made.
  /// - Parameter path: the keys from here, outermost first; at least one.
  package func setting(_ path: [String], to value: ConfigurationNode) -> ConfigurationNode {
    ConfigurationNode(Self.set(value.node, at: path[...], in: node), of: self)
  }

  /// A copy without one of its members.
  package func removing(_ key: String) -> ConfigurationNode {
    guard case .mapping(var mapping) = node else { return self }
    mapping[Node(key)] = nil
    return ConfigurationNode(.mapping(mapping), of: self)
  }

  /// A copy in which the value at a path, if there is one, is transformed: a text, or each of a list.
  package func transforming(
    _ path: [String], _ transform: (String) -> String
  ) -> ConfigurationNode {
    var found: Node? = node
    for key in path { found = found?.mapping?[Node(key)] }
    let changed: Node
    switch found {
    case .scalar(let scalar): changed = Node(transform(scalar.string))
    case .sequence(let sequence):
      changed = Node(sequence.map { $0.scalar.map { Node(transform($0.string)) } ?? $0 })
    default: return self
    }
    return setting(path, to: ConfigurationNode(changed, of: self))
  }

  /// A number as a value of this file.
  package func value(_ number: Double) -> ConfigurationNode {
    let text = Int(exactly: number).map { "\($0)" } ?? "\(number)"
    return ConfigurationNode(Node(text, Tag(.implicit), .plain), of: self)
  }

  /// The value in one line, as YAML writes it.
  package var text: String {
    switch node {
    case .sequence(let sequence):
      "[" + sequence.map { ConfigurationNode($0, of: self).text }.joined(separator: ", ") + "]"
    case .mapping(let mapping):
      "{"
        + mapping.map {
          "\(ConfigurationNode($0.key, of: self).text): \(ConfigurationNode($0.value, of: self).text)"
        }.joined(separator: ", ") + "}"
    default: node.scalar?.string ?? ""
    }
  }

  /// The document as YAML.
  package func yaml() -> String { (try? serialize(node: node)) ?? text }

  private static func set(_ value: Node, at path: ArraySlice<String>, in node: Node) -> Node {
    guard let key = path.first else { return value }
    var mapping = node.mapping ?? Node.Mapping([])
    mapping[Node(key)] = set(
      value, at: path.dropFirst(), in: mapping[Node(key)] ?? Node([(Node, Node)]()))
    return .mapping(mapping)
  }
}
