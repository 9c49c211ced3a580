import Rankers
import RankingData

/// What one process is asked to measure; the Python side writes it.
struct Job: Decodable {
  /// Rows in the files of a folder, see `Rows`.
  struct Part: Decodable {
    var folder: String
    var rows: Int
  }

  /// A request to be timed.
  struct Scoring: Decodable {
    var request: Part
    var repetitions: Int
  }

  var model: RankerSpecification
  var layout: FeatureLayout
  /// Nil for a process that only scores; else `train`, `test` and `seeds` are there too.
  var training: RankerTraining?
  var train: Part?
  var test: Part?
  /// One training each.
  var seeds: [UInt64]?
  /// Nil for a process that only trains.
  var scoring: Scoring?
}

/// What a process found; the peers print the same.
struct Result: Encodable {
  /// One training.
  struct Training: Encodable {
    /// Of each epoch, validation not counted.
    var rowsPerSecond: [Double] = []
    /// On the test rows after each epoch, of each task.
    var auc: [[Double]] = []
  }

  var trainings: [Training]?
  /// The most memory resident until the first training ended.
  var peakBytes: Int?
  /// Of one request, in the order measured; by form, of which there is one.
  var milliseconds: [String: [Double]]?
}
