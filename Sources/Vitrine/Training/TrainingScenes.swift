import Rankers
import RankingData

/// The scenes of the rows that are trained on.
struct TrainingScenes {
  /// What each row is multiplied by.
  let factors: [Float]
  /// What is to be known about them: each scene's share and what its rows count.
  let description: String

  /// - Throws: an error naming the nearest column where there is none by the name.
  init(_ column: String, _ weights: SceneWeights, _ data: FittingData) throws {
    let values = try data.log.text(column)
    let scenes = data.rows.train.map { values.codes[Int($0)] }
    factors = weights.factors(of: scenes)
    var sizes: [Int32: (rows: Int, factor: Float)] = [:]
    for (scene, factor) in zip(scenes, factors) {
      sizes[scene] = ((sizes[scene]?.rows ?? 0) + 1, factor)
    }
    let largest = sizes.sorted { ($1.value.rows, $0.key) < ($0.value.rows, $1.key) }
    let listed = largest.prefix(8).map { code, size in
      let share = (Double(size.rows) / Double(scenes.count) * 1000).rounded() / 10
      let name = values.values[Int(code)]
      return "\(name.isEmpty ? "none" : name) \(share) % × \((size.factor * 100).rounded() / 100)"
    }
    let rest = largest.count > 8 ? " and \(largest.count - 8) more" : ""
    description = "scenes by \(column): \(listed.joined(separator: ", "))\(rest)"
  }
}
