import Foundation
import Rankers
import RankingData

// One measurement of one ranker, in a process of its own: the job is a file, the result goes to
// standard output. Cores are limited from outside (`taskset`).

guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: RankersBenchmark JOB.json\n".utf8))
  exit(64)
}
let job = try JSONDecoder().decode(
  Job.self, from: Data(contentsOf: URL(filePath: CommandLine.arguments[1])))
var result = Result()
if let plan = job.training, let train = job.train, let test = job.test {
  let rows = try (Rows(train).batch(job.layout), Rows(test).batch(job.layout))
  for seed in job.seeds ?? [1] {
    let ranker = try RankerRegistry.make(
      job.model, input: RankerInput(layout: job.layout), seed: seed)
    var plan = plan
    plan.seed = seed
    let training = try trained(ranker, by: plan, on: rows.0, test: rows.1)
    result.trainings = (result.trainings ?? []) + [training]
    result.peakBytes = result.peakBytes ?? peakBytes()
  }
}
if let scoring = job.scoring {
  let ranker = try RankerRegistry.make(job.model, input: RankerInput(layout: job.layout), seed: 1)
  let request = try Rows(scoring.request).batch(job.layout)
  result.milliseconds = ["–": try timed(ranker, request, repetitions: scoring.repetitions)]
}
let encoder = JSONEncoder()
encoder.keyEncodingStrategy = .convertToSnakeCase
FileHandle.standardOutput.write(try encoder.encode(result) + Data("\n".utf8))

func trained(
  _ ranker: some Ranker, by plan: RankerTraining, on training: RankingBatch, test: RankingBatch
) throws -> Result.Training {
  var ranker = ranker
  var result = Result.Training()
  try ranker.fit(
    training: training, validation: test, plan: plan, checkpoint: nil,
    report: { epoch in
      result.rowsPerSecond.append(epoch.rowsPerSecond)
      let quality = epoch.validation
      result.auc.append(quality.tasks?.compactMap(\.auc) ?? [quality.auc])
    })
  return result
}

/// Milliseconds of a request, as the product scores it: by a copy that is prepared once, without a tape.
func timed(
  _ ranker: some Ranker, _ request: RankingBatch, repetitions: Int
) throws -> [Double] {
  let prepared = ranker.prepared()
  let clock = ContinuousClock()
  var milliseconds: [Double] = []
  var total: Float = 0
  for round in -repetitions / 10..<repetitions {
    let elapsed = clock.measure { total += prepared.scores(of: request)[0] }
    if round >= 0 { milliseconds.append(elapsed / .milliseconds(1)) }
  }
  // Whoever reads the result keeps the scores from being optimised away.
  if !total.isFinite { throw RankerError.noRows("scored") }
  return milliseconds
}

func peakBytes() -> Int? {
  let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    .flatMap { Int($0) }.map { $0 * 1024 }
}
