import Foundation
import Tensors

/// Mixes pictures of a shard in pairs, and their targets alike.
package struct PictureMixing: Sendable, Hashable {
  /// The parameter of the Beta distribution that mixes whole pictures (Zhang et al., ICLR 2018);
  /// 0 for none.
  package var mixup: Double
  /// The same for the area that one picture pastes into another (Yun et al., ICCV 2019).
  package var cutmix: Double

  package init(mixup: Double = 0, cutmix: Double = 0) {
    (self.mixup, self.cutmix) = (mixup, cutmix)
  }

  var isNone: Bool { mixup == 0 && cutmix == 0 }

  /// Mixes the first picture with the last, the second with the last but one, and so on; of an odd
  /// number the middle one stays as it is. With both kinds, either is taken half of the time.
  ///
  /// - Parameters:
  ///   - planes: `[count, 3, side, side]`
  ///   - targets: `[count, classes]`
  func mix(
    _ planes: UnsafeMutableBufferPointer<Float>, _ targets: inout [Scalar], count: Int, side: Int,
    random: inout RandomStream
  ) {
    guard count > 1, !isNone else { return }
    let takesMixup = mixup > 0 && (cutmix == 0 || random.nextUniform() < 0.5)
    let share = Self.beta(takesMixup ? mixup : cutmix, &random)
    let size = 3 * side * side
    let own: Float
    let box: (x: Range<Int>, y: Range<Int>)?
    if takesMixup {
      (own, box) = (share, nil)
    } else {
      let cut = Self.box(share, side, &random)
      // What is pasted is counted in pixels.
      (own, box) = (1 - Float(cut.x.count * cut.y.count) / Float(side * side), cut)
    }
    let classes = targets.count / count
    for first in 0..<count / 2 {
      let second = count - 1 - first
      let (a, b) = (first * size, second * size)
      if let box {
        for channel in 0..<3 {
          for y in box.y {
            let row = (channel * side + y) * side
            for x in box.x { planes.swapAt(a + row + x, b + row + x) }
          }
        }
      } else {
        for index in 0..<size {
          let (one, other) = (planes[a + index], planes[b + index])
          planes[a + index] = own * one + (1 - own) * other
          planes[b + index] = own * other + (1 - own) * one
        }
      }
      for label in 0..<classes {
        let (a, b) = (first * classes + label, second * classes + label)
        let (one, other) = (targets[a], targets[b])
        targets[a] = own * one + (1 - own) * other
        targets[b] = own * other + (1 - own) * one
      }
    }
  }

  /// A square of the wanted area around any point, as far as it lies within.
  private static func box(
    _ share: Float, _ side: Int, _ random: inout RandomStream
  ) -> (x: Range<Int>, y: Range<Int>) {
    let half = Int((Float(side) * (1 - share).squareRoot() / 2).rounded())
    func extent(_ middle: Int) -> Range<Int> {
      max(middle - half, 0)..<max(min(middle + half, side), max(middle - half, 0))
    }
    return (extent(random.next(below: side)), extent(random.next(below: side)))
  }

  /// A draw from Beta(a, a) by Jöhnk's method, for a within (0, 1].
  private static func beta(_ a: Double, _ random: inout RandomStream) -> Float {
    for _ in 0..<1000 {
      let x = pow(Double(random.nextUniform()), 1 / a)
      let y = pow(Double(random.nextUniform()), 1 / a)
      if x + y <= 1, x + y > 0 { return Float(x / (x + y)) }
    }
    return 1
  }
}
