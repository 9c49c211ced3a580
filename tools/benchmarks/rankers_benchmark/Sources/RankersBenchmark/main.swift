import Foundation
import Rankers
import RankingData

// One measurement of one ranker, in a process of its own: the job is a file, the result goes to
// standard output. Threads are limited from outside (`taskset`).

guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: RankersBenchmark JOB.json\n".utf8))
  exit(64)
}
let job = try JSONDecoder().decode(
  Job.self, from: Data(contentsOf: URL(filePath: CommandLine.arguments[1])))
let input = RankerInput(layout: job.layout)
let result = try measure(RankerRegistry.make(job.model, input: input, seed: 1), job)
let encoder = JSONEncoder()
encoder.keyEncodingStrategy = .convertToSnakeCase
FileHandle.standardOutput.write(try encoder.encode(result) + Data("\n".utf8))

func measure(_ ranker: some Ranker, _ job: Job) throws -> Result {
  var ranker = ranker
  var result = Result()
  let test = try Rows(folder: job.test.folder, count: job.test.rows).batch(job.layout)
  if job.training.epochs > 0, job.train.rows > 0 {
    let train = try Rows(folder: job.train.folder, count: job.train.rows).batch(job.layout)
    try ranker.fit(
      training: train, validation: test, plan: job.training, checkpoint: nil,
      report: {
        result.rowsPerSecond.append($0.rowsPerSecond)
        result.auc.append($0.validation.auc)
      })
  }
  guard let scoring = job.scoring else { return result }
  let request = test.batch((0..<Int32(scoring.candidates))[...].map { $0 }[...])
  let prepared = ranker.prepared()
  let clock = ContinuousClock()
  var total: Float = 0
  for round in -scoring.repetitions / 10..<scoring.repetitions {
    let elapsed = clock.measure { total += prepared.scores(of: request)[0] }
    if round >= 0 { result.milliseconds.append(elapsed / .milliseconds(1)) }
  }
  // Whoever reads the result keeps the scores from being optimised away.
  if !total.isFinite { throw RankerError.noRows("scored") }
  return result
}
