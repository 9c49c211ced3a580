import Foundation
package import Tensors

/// How much each candidate repeats what stands above it in base order: numbers that let a model see
/// from the first choice on what a user will have met before.
///
/// Near are features whose distance is at most the median of the list's pairs (`FeatureDistances`).
/// A candidate brings e^(-d / median) to the nearest above it, the share of those above that are near,
/// the same share with the weights 1 / position, the share of those above with its category, and for
/// each of the first three whether it stands above and is near; all 0 for the first. An extension of Seq2Slate, as novelty is.
package struct ListRedundancy {
  /// Numbers a candidate.
  package static let width = 4 + heads
  /// How many of the first candidates, which nearly everybody looks at, count one by one.
  private static let heads = 3

  /// [n, width]; O(n² · features).
  package static func numbers(of list: SlateList) -> [Scalar] {
    var numbers = [Scalar](repeating: 0, count: list.count * width)
    guard list.count > 1 else { return numbers }
    let distances = list.featureWidth > 0 ? FeatureDistances(list) : nil
    let median = distances?.quantile(0.5) ?? 0
    for place in 1..<list.count {
      var nearest = Double.infinity
      var (near, weighted, weights, same) = (0.0, 0.0, 0.0, 0.0)
      for above in 0..<place {
        let weight = 1 / Double(above + 1)
        weights += weight
        if let distance = distances?(place, above) {
          nearest = min(nearest, distance)
          if distance <= median {
            near += 1
            weighted += weight
            if above < heads { numbers[place * width + 4 + above] = 1 }
          }
        }
        let category = list.categoryCodes[above]
        if category >= 0, category == list.categoryCodes[place] { same += 1 }
      }
      let first = place * width
      if distances != nil {
        numbers[first] = Scalar(median > 0 ? exp(-nearest / median) : nearest == 0 ? 1 : 0)
        numbers[first + 1] = Scalar(near / Double(place))
        numbers[first + 2] = Scalar(weighted / weights)
      }
      numbers[first + 3] = Scalar(same / Double(place))
    }
    return numbers
  }
}
