/// How the items of a slate are kept from being all alike.
public enum Diversifier: Sendable, Hashable {
  /// Descending relevance.
  case none
  /// Maximal marginal relevance.
  case mmr(MMR)
  /// A determinantal point process.
  case dpp(DPP)
  /// Shares of categories as in the user's history.
  case calibrated(CalibratedSlate)

  /// Throws `SlateError.configuration` for the first field out of range.
  public func validate() throws(SlateError) {
    switch self {
    case .none: break
    case .mmr(let mmr): try mmr.validate()
    case .dpp(let dpp): try dpp.validate()
    case .calibrated(let calibrated): try calibrated.validate()
    }
  }

  /// Whether it compares candidates, so that `selection` needs their similarity.
  package var comparesCandidates: Bool {
    switch self {
    case .none, .calibrated: false
    case .mmr, .dpp: true
    }
  }

  /// Whether it aims at the shares of a history, so that `selection` needs a calibration.
  package var followsHistory: Bool {
    switch self {
    case .none, .mmr, .dpp: false
    case .calibrated: true
    }
  }

  /// A course over the candidates of one list.
  ///
  /// - Parameters:
  ///   - relevance: Finite, one a candidate, in base order.
  ///   - similarity: Of the same candidates; needed where `comparesCandidates`.
  ///   - top: How many will be taken, to make room for; more may be.
  ///   - calibration: The categories of the same candidates and the shares wanted; without it a
  ///     calibrated slate is in order of relevance.
  /// - Throws: `SlateError.configuration` when the similarity is needed and missing.
  package func selection(
    relevance: [Double], similarity: SlateSimilarity? = nil, top: Int,
    calibration: SlateCalibration? = nil
  ) throws(SlateError) -> any SlateSelection {
    func compared(_ name: String) throws(SlateError) -> SlateSimilarity {
      guard let similarity else {
        throw .configuration(field: "similarity", value: "missing", rule: "\(name) needs it")
      }
      return similarity
    }
    switch self {
    case .none:
      return CandidateValues(relevance)
    case .mmr(let mmr):
      return MMRSelection(mmr, relevance: relevance, similarity: try compared("mmr"))
    case .dpp(let dpp):
      return DPPSelection(dpp, relevance: relevance, similarity: try compared("dpp"), top: top)
    case .calibrated(let calibrated):
      guard let calibration else { return CandidateValues(relevance) }
      return CalibratedSelection(calibrated, relevance: relevance, calibration: calibration)
    }
  }

  static func validate(tradeOff: Double) throws(SlateError) {
    guard tradeOff >= 0, tradeOff <= 1 else {
      throw .configuration(
        field: "trade_off", value: String(tradeOff), rule: "it must lie in 0...1")
    }
  }
}

/// As `{"kind": "mmr", "trade_off": 0.7}`: the kind beside the fields of what it names.
extension Diversifier: Codable {
  private enum Kind: String, Codable { case none, mmr, dpp, calibrated }
  private enum CodingKeys: CodingKey { case kind }

  /// Every missing field takes its default; a field out of range throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .none: self = .none
    case .mmr: self = .mmr(try MMR(from: decoder))
    case .dpp: self = .dpp(try DPP(from: decoder))
    case .calibrated: self = .calibrated(try CalibratedSlate(from: decoder))
    }
  }

  /// Writes the kind and every field.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .none:
      try container.encode(Kind.none, forKey: .kind)
    case .mmr(let mmr):
      try container.encode(Kind.mmr, forKey: .kind)
      try mmr.encode(to: encoder)
    case .dpp(let dpp):
      try container.encode(Kind.dpp, forKey: .kind)
      try dpp.encode(to: encoder)
    case .calibrated(let calibrated):
      try container.encode(Kind.calibrated, forKey: .kind)
      try calibrated.encode(to: encoder)
    }
  }
}
