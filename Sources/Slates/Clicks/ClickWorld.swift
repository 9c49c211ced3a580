import Foundation
public import RankingData

/// A simulated public: who looks where, and what is clicked.
public protocol ClickWorld: Sendable {
  /// Throws `SlateError.configuration` for the first setting out of range.
  func validate() throws(SlateError)

  /// One user's clicks on a list, in base order.
  ///
  /// The number of draws depends on the length of the list alone, so that worlds of other settings
  /// meet the same users.
  /// - Throws: `SlateError.grade` for a grade that the world has no place for.
  func clicks(
    on judged: JudgedList, using random: inout SeededRandom
  ) throws(SlateError) -> [Bool]
}

extension ClickWorld {
  /// The clicks of one session, which depend on the world, the list, the seed and the number of the
  /// session alone: whatever else is drawn, and in whichever order, these clicks stay.
  public func clicks(
    on judged: JudgedList, seed: UInt64, session: Int = 0
  ) throws(SlateError) -> [Bool] {
    var random = SeededRandom(
      seed: seed ^ UInt64(truncatingIfNeeded: session) &* 0x9E37_79B9_7F4A_7C15,
      stream: judged.list.id.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
        // FNV-1a, 64 bits: Swift's own hashes differ from run to run.
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      })
    return try clicks(on: judged, using: &random)
  }
}

/// How likely positions are looked at: 1 / position^η.
struct PositionDecay {
  let eta: Double

  func validate() throws(SlateError) {
    guard eta.isFinite, eta >= 0 else {
      throw .configuration(field: "eta", value: "\(eta)", rule: "it must be a finite number from 0")
    }
  }

  /// - Parameter place: From 0.
  func callAsFunction(_ place: Int) -> Double {
    eta == 0 ? 1 : pow(Double(place + 1), -eta)
  }
}

/// Throws where a setting is no probability.
func checkProbability(_ field: String, _ value: Double) throws(SlateError) {
  guard (0...1).contains(value) else {
    throw .configuration(field: field, value: "\(value)", rule: "it must lie in 0...1")
  }
}
