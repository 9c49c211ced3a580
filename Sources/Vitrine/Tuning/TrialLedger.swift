import Foundation
import Synchronization

/// The trials that a search has finished: a file of JSON Lines that grows by one line a trial, so
/// that a search that was stopped in whatever way goes on after its last whole line.
final class TrialLedger: Sendable {
  private struct State {
    var trials: [Trial] = []
    var handle: FileHandle?
  }

  private struct Key: Hashable {
    var trial: Int
    var rung: Int
  }

  private let path: String
  private let state = Mutex(State())

  /// Opens the ledger of a folder.
  ///
  /// - Parameter fingerprint: of the search; the folder's `search.json` must have the same.
  /// - Throws: `VitrineError` where the folder holds another search.
  init(folder: String, fingerprint: String) throws {
    struct Identity: Codable { var fingerprint: String }
    path = "\(folder)/trials.jsonl"
    let identity = "\(folder)/search.json"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if FileManager.default.fileExists(atPath: identity) {
      guard try JSONFile.read(Identity.self, from: identity).fingerprint == fingerprint else {
        throw VitrineError(
          "\(folder): it holds the trials of another search: the configuration or the data changed",
          remedy: "Choose another --output, or remove the folder.")
      }
    } else {
      try JSONFile.write(Identity(fingerprint: fingerprint), to: identity)
    }
    let whole = try readWholeLines()
    try state.withLock { state in
      state.trials = whole
      state.handle = try Self.opened(path)
    }
  }

  /// What has been finished, in the order of trials and rungs.
  var trials: [Trial] {
    state.withLock { $0.trials }.sorted { ($0.trial, $0.rung) < ($1.trial, $1.rung) }
  }

  /// A finished trial, or nil.
  func finished(_ trial: Int, rung: Int) -> Trial? {
    state.withLock { $0.trials.first { $0.trial == trial && $0.rung == rung } }
  }

  /// Adds a line, which is on disk when this returns.
  func add(_ trial: Trial) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(trial) + Data("\n".utf8)
    try state.withLock { state in
      try state.handle?.write(contentsOf: line)
      try state.handle?.synchronize()
      state.trials.append(trial)
    }
  }

  /// The lines that were written to their ends. What a killed process left of another is cut off.
  private func readWholeLines() throws -> [Trial] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    var trials: [Trial] = []
    var seen: Set<Key> = []
    var whole = 0
    for line in data.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      guard let trial = try? JSONDecoder().decode(Trial.self, from: line) else { break }
      whole += line.count + 1
      if seen.insert(Key(trial: trial.trial, rung: trial.rung)).inserted { trials.append(trial) }
    }
    if whole < data.count {
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      try handle.truncate(atOffset: UInt64(whole))
      try handle.close()
    }
    return trials
  }

  private static func opened(_ path: String) throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(fileURLWithPath: path))
    }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
    return handle
  }
}
