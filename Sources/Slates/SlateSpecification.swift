public import NeuralNetworks

/// A model that arranges lists, in its training form.
public protocol SlateModel: Module {
  /// Its kind and shape.
  var specification: SlateSpecification { get }

  /// The form that serves; it copies the current weights.
  /// - Throws: `SlateError.configuration` when the model knows no such way of decoding, or a field
  ///   of it is out of range.
  func decoder(_ decoding: Decoding) throws(SlateError) -> any SlateDecoder
}

extension Seq2Slate: SlateModel {
  /// See `SlateModel`.
  public var specification: SlateSpecification { .seq2slate(configuration) }

  /// See `SlateModel`.
  public func decoder(_ decoding: Decoding) throws(SlateError) -> any SlateDecoder {
    try Seq2SlateDecoder(self, decoding: decoding)
  }
}

extension PRM: SlateModel {
  /// See `SlateModel`.
  public var specification: SlateSpecification { .prm(configuration) }

  /// See `SlateModel`. Its scores sort: greedy and one-step decoding are the same.
  public func decoder(_ decoding: Decoding) throws(SlateError) -> any SlateDecoder {
    switch decoding {
    case .greedy, .oneStep: return PRMDecoder(self)
    case .beam, .sampling:
      throw .configuration(
        field: "decoding", value: decoding.name,
        rule: "a model of kind prm scores all candidates at once: it must be greedy or one_step")
    }
  }
}

/// The kind and shape of a slate model, as bundles and configurations write it:
/// `{"kind": "prm", "width": 64, …}`.
public enum SlateSpecification: Sendable, Hashable {
  /// A pointer network.
  case seq2slate(Seq2SlateConfiguration)
  /// A transformer.
  case prm(PRMConfiguration)

  /// The kinds of slate models, by the names that configurations give them.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Bello et al., 2018.
    case seq2slate
    /// Pei et al., 2019.
    case prm
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .seq2slate: .seq2slate
    case .prm: .prm
    }
  }

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    switch self {
    case .seq2slate(let configuration): try configuration.validate()
    case .prm(let configuration): try configuration.validate()
    }
  }

  /// A fresh model. Throws `SlateError.configuration` when a field is out of range.
  public func model(seed: UInt64) throws(SlateError) -> any SlateModel {
    switch self {
    case .seq2slate(let configuration): try Seq2Slate(configuration, seed: seed)
    case .prm(let configuration): try PRM(configuration, seed: seed)
    }
  }
}

extension SlateSpecification: Codable {
  private enum CodingKeys: String, CodingKey { case kind }

  /// Every missing field but `kind` takes its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .seq2slate: self = .seq2slate(try Seq2SlateConfiguration(from: decoder))
    case .prm: self = .prm(try PRMConfiguration(from: decoder))
    }
  }

  /// Writes the kind beside the fields of the configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .seq2slate(let configuration): try configuration.encode(to: encoder)
    case .prm(let configuration): try configuration.encode(to: encoder)
    }
  }
}
