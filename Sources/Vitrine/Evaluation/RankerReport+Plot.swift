extension RankerReport {
  /// Predicted probabilities against observed rates, as an SVG document; nil where scores are no
  /// probabilities.
  public func calibrationPlot(title: String) -> String? {
    calibration.map { calibration in
      ReliabilityChart(
        title: "Predicted and observed: \(title)", series: [(title, calibration)]
      ).drawing().svg()
    }
  }
}
