import Foundation
import RankingData
import Tensors

/// The values that a search may give to keys of a training's configuration.
///
/// ```yaml
/// space:
///   model.max_depth: [4, 6, 8]              # one of these
///   model.hidden: [[64], [128, 64]]
///   training.learning_rate: {log: [1e-4, 1e-1]}
///   model.dropout: {uniform: [0, 0.5]}
///   model.width: {integer: [4, 64]}
///   training.batch_size: {log_integer: [64, 4096]}
/// ```
struct SearchSpace {
  /// A key and what it may be.
  struct Parameter {
    /// Dotted, below `model` or `training`.
    var key: String
    var values: Values

    /// The key's parts, outermost first.
    var path: [String] { key.split(separator: ".").map(String.init) }
  }

  /// What a key may be.
  enum Values {
    case choices([ConfigurationNode])
    case range(ClosedRange<Double>, logarithmic: Bool, whole: Bool)
  }

  /// In the order of their keys, so that equal files search alike.
  private(set) var parameters: [Parameter]
  private let root: ConfigurationNode

  /// - Throws: `RankingDataError` at the key at fault.
  init(_ node: ConfigurationNode, root: ConfigurationNode) throws {
    self.root = root
    parameters = []
    for (key, values) in try node.allMembers().sorted(by: { $0.key < $1.key }) {
      let parts = key.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 2, !parts.contains(""), ["model", "training"].contains(parts[0]),
        parts.last != "kind", parts.last != "seed", parts.last != "monitor"
      else {
        throw values.failure(
          .badValue,
          "a search chooses keys below model and training, except kind, seed and monitor, which make"
            + " trials incomparable.", "Write for instance training.learning_rate.")
      }
      parameters.append(Parameter(key: key, values: try Values(values)))
    }
    guard !parameters.isEmpty else {
      throw node.failure(
        .insufficientData, "there is nothing to choose.", "Name a key and its values.")
    }
  }

  /// How many combinations there are; nil where a range makes them countless.
  var combinations: Int? {
    var product = 1
    for parameter in parameters {
      guard case .choices(let choices) = parameter.values else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: choices.count)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The first key that has a range instead of choices.
  var firstRange: String? {
    parameters.first { if case .range = $0.values { true } else { false } }?.key
  }

  /// A combination by its number, in `0 ..< combinations`; the last key varies fastest.
  func combination(_ number: Int) -> [String: ConfigurationNode] {
    var rest = number
    var values: [String: ConfigurationNode] = [:]
    for parameter in parameters.reversed() {
      guard case .choices(let choices) = parameter.values else { continue }
      values[parameter.key] = choices[rest % choices.count]
      rest /= choices.count
    }
    return values
  }

  /// Values drawn for a trial: the same for equal seeds, however many trials there are.
  func sample(trial: Int, seed: UInt64) -> [String: ConfigurationNode] {
    var random = RandomStream(seed: seed, stream: UInt64(trial))
    var values: [String: ConfigurationNode] = [:]
    for parameter in parameters {
      switch parameter.values {
      case .choices(let choices):
        values[parameter.key] = choices[Int.random(in: 0..<choices.count, using: &random)]
      case .range(let range, let logarithmic, let whole):
        let place = Double.random(in: 0..<1, using: &random)
        values[parameter.key] = root.value(Self.value(range, logarithmic, whole, place))
      }
    }
    return values
  }

  /// The value at a place in `0 ..< 1` of a range, of three significant digits: more would only make
  /// configurations hard to read.
  private static func value(
    _ range: ClosedRange<Double>, _ logarithmic: Bool, _ whole: Bool, _ place: Double
  ) -> Double {
    // Every whole number of the range has an equal part of it.
    let (low, high) =
      whole
      ? (range.lowerBound - 0.5, range.upperBound + 0.5) : (range.lowerBound, range.upperBound)
    let value =
      logarithmic ? exp(log(low) + place * (log(high) - log(low))) : low + place * (high - low)
    if whole { return min(max(value.rounded(), range.lowerBound), range.upperBound) }
    let short = Double(String(format: "%.3g", value)) ?? value
    return min(max(short, range.lowerBound), range.upperBound)
  }
}

extension SearchSpace.Values {
  fileprivate init(_ node: ConfigurationNode) throws {
    guard node.isMapping else {
      let choices = try node.elements()
      guard !choices.isEmpty else {
        throw node.failure(.insufficientData, "the list is empty.", "List at least one value.")
      }
      self = .choices(choices)
      return
    }
    let members = try node.members(["uniform", "log", "integer", "log_integer"])
    guard members.count == 1, let (kind, bounds) = members.first else {
      throw node.failure(
        .badValue, "a range is one of uniform, log, integer and log_integer.",
        "Write for instance {log: [1e-4, 1e-1]}.")
    }
    let ends = try bounds.elements()
    guard ends.count == 2 else {
      throw bounds.failure(.badValue, "a range has two ends.", "Write [least, greatest].")
    }
    let (logarithmic, whole) = (kind.hasPrefix("log"), kind.hasSuffix("integer"))
    let limit = 1e15
    func end(_ node: ConfigurationNode) throws -> Double {
      whole
        ? Double(try node.integer(in: logarithmic ? 1...Int(limit) : -Int(limit)...Int(limit)))
        : try node.number(in: logarithmic ? 1e-300...limit : -limit...limit)
    }
    let (low, high) = (try end(ends[0]), try end(ends[1]))
    guard low < high else {
      throw bounds.failure(
        .badValue, "the range ends at \(high), before it begins.", "Write [least, greatest].")
    }
    self = .range(low...high, logarithmic: logarithmic, whole: whole)
  }
}
