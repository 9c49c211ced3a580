/// What the process reports to its caller.
enum ExitStatus: Error {
  /// Done, but some items failed; the ledger lists them.
  case doneWithFailures
  /// Configuration, data or I/O.
  case failed
  /// Stopped by a signal; what was committed stays.
  case interrupted(Int32)

  var code: Int32 {
    switch self {
    case .doneWithFailures: 1
    case .failed: 2
    case .interrupted(let signal): 128 + signal
    }
  }
}
