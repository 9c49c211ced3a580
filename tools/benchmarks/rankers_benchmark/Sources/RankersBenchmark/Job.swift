import Rankers
import RankingData

/// What one process is asked to measure; the Python side writes it.
struct Job: Decodable {
  /// Rows in the files of a folder, see `Rows`.
  struct Part: Decodable {
    var folder: String
    var rows: Int
  }

  /// A timed request: the first rows of the test part as its candidates.
  struct Scoring: Decodable {
    var candidates: Int
    var repetitions: Int
  }

  var model: RankerSpecification
  var training: RankerTraining
  var layout: FeatureLayout
  var train: Part
  var test: Part
  /// Nil for a process that only trains.
  var scoring: Scoring?
}

/// What a process found; the peers print the same.
struct Result: Encodable {
  /// Training rows a second of each epoch, validation not counted.
  var rowsPerSecond: [Double] = []
  /// On the test rows, after each epoch.
  var auc: [Double] = []
  /// Of one request, in the order measured.
  var milliseconds: [Double] = []
}
