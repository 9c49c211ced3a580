public import Tensors

/// Anything with parameters: a layer, a block of layers, a model.
///
/// Parameters are named explicitly, so a name in a file never depends on how Swift spells a
/// property:
/// ```swift
/// func collect(into list: inout ParameterList) {
///   list.add("hidden", hidden)      // hidden.weight, hidden.bias
///   list.add("scale", scale)
/// }
/// ```
public protocol Module: Sendable {
  /// Adds every parameter and every submodule, each exactly once.
  func collect(into list: inout ParameterList)
}

/// The parameters of a module under their full names, in the order they were added.
public struct ParameterList: Sendable {
  /// A parameter and its dotted name.
  public struct Entry: Sendable {
    /// For example `encoder.input.weight`.
    public let name: String
    /// The slot itself.
    public let parameter: Parameter
    /// What the rows of a table stand for; empty for anything but a table.
    public var sections: [Section] = []
  }

  /// Rows of a table that belong together: those of one field's vocabulary.
  public struct Section: Sendable, Hashable {
    /// Of the field.
    public let name: String
    /// Positions in the table.
    public let rows: Range<Int>

    /// Some rows.
    public init(name: String, rows: Range<Int>) {
      self.name = name
      self.rows = rows
    }
  }

  /// All entries, in order.
  public private(set) var entries: [Entry] = []
  private var prefix = ""
  private var names: Set<String> = []

  /// The parameters of one module.
  public init(_ module: some Module) { module.collect(into: &self) }

  /// Adds one parameter under the current prefix.
  ///
  /// - Parameter sections: what the rows of a table stand for, so that another vocabulary can take over
  ///   what was learnt about its ids.
  public mutating func add(_ name: String, _ parameter: Parameter, sections: [Section] = []) {
    let full = prefix + name
    precondition(names.insert(full).inserted, "two parameters are named \(full)")
    entries.append(Entry(name: full, parameter: parameter, sections: sections))
  }

  /// Adds the parameters of a submodule, each name preceded by `name` and a dot.
  public mutating func add(_ name: String, _ module: some Module) {
    let outer = prefix
    prefix += name + "."
    module.collect(into: &self)
    prefix = outer
  }

  /// Adds a row of submodules as `name.0`, `name.1`, ….
  public mutating func add(_ name: String, _ modules: [some Module]) {
    for (index, module) in modules.enumerated() { add("\(name).\(index)", module) }
  }

  /// Those that optimizers change.
  public var trainable: [Parameter] { entries.map(\.parameter).filter(\.trainable) }

  /// The current values, in order.
  package func snapshot() -> [Tensor] { entries.map(\.parameter.value) }

  /// Puts back what `snapshot()` took.
  package func restore(_ values: [Tensor]) {
    precondition(values.count == entries.count, "a snapshot of another module")
    for (entry, value) in zip(entries, values) { entry.parameter.value = value }
  }
}
