import Foundation
import Vitrine

extension EvaluateCommand.Ranker {
  /// Draws predictions against rates.
  func plot(_ report: RankerReport, to path: String) throws {
    guard let picture = report.calibrationPlot(title: model[0]) else {
      Console.say(
        "no calibration plot: the scores are no probabilities, or --metrics leaves out ece")
      return
    }
    try picture.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
