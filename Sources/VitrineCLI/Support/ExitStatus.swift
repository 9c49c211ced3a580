/// What the process reports to its caller.
enum ExitStatus: Int32, Error {
  /// Done, but some items failed; the ledger lists them.
  case doneWithFailures = 1
  /// Configuration, data or I/O.
  case failed = 2
  /// Stopped by Ctrl-C; what was committed stays.
  case interrupted = 130
}
