import FileSupport
import Foundation
import Testing

@Suite struct TuneTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let simulated = try Command(
      "dataset", "simulate", Photos.catalogue, "--output", folder("data"), "--sessions", "400",
      "--users", "40")
    #expect(simulated.status == 0)
    try folder.write(
      """
      model: {kind: deepfm, width: 8, hidden: [64, 64], dropout: 0.1}
      data: {impressions: data/impressions.csv, split: {validation: 0.2, test: 0.2}}
      schema: {categorical: [user, item, device]}
      training: {epochs: 6, patience: 6, batch_size: 64}
      search: {trials: 12, space: {training.learning_rate: {log: [1e-4, 1e-2]}}}
      """, to: "search.yaml")
  }

  private func tune(_ arguments: String...) throws -> Command {
    try Command(["tune", "search.yaml"] + arguments, in: folder.path)
  }

  /// Ctrl-C in the middle of a search, then what the message says: the same result as without.
  @Test func aStoppedSearchGoesOn() throws {
    let running = try RunningCommand(["tune", "search.yaml", "--output", "found"], in: folder.path)
    #expect(running.wait { running.errors.contains("trial 2:") })
    running.send(SIGINT)
    let stopped = running.finish()
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("tune search.yaml --output found"))
    let resumed = try tune("--output", "found")
    #expect(resumed.status == 0 && resumed.errors.contains("finished trials"), "\(resumed.errors)")
    let whole = try tune("--output", "whole")
    #expect(
      whole.output.split(separator: "\n").filter { $0.contains("AUC") }
        == resumed.output.split(separator: "\n").filter { $0.contains("AUC") })
    for name in ["best/weights.safetensors", "best.yaml"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("found/\(name)"), andPath: folder("whole/\(name)")), "\(name)")
    }
    let inspected = try Command("inspect", folder("whole/best"), "--output", folder("page.html"))
    #expect(inspected.status == 0 && inspected.output.contains("device"))
    #expect(try String(contentsOfFile: folder("page.html"), encoding: .utf8).contains("<html"))
  }

  @Test func aDryRunTriesNothing() throws {
    let plan = try tune("--output", "found", "--dry-run")
    #expect(plan.status == 0)
    #expect(plan.output.split(separator: "\n").count == 12)
    #expect(try names(in: folder.path) == ["data", "search.yaml"])
  }

  @Test func aConfigurationWithoutASearchIsRefused() throws {
    try folder.write(
      """
      model: {kind: deepfm}
      data: {impressions: data/impressions.csv}
      schema: {categorical: [user]}
      """, to: "search.yaml")
    let refused = try tune("--output", "found")
    #expect(refused.status == 2 && refused.errors.contains("search: {space"), "\(refused.errors)")
  }
}
