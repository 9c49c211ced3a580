import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C (and a polite kill) into a request to stop after the work in hand. A second one
/// ends the process at once.
struct Interrupt {
  /// Raised by a signal.
  final class Flag: Sendable {
    private let raised = Mutex(false)

    /// Whether to stop.
    var isRaised: Bool { raised.withLock { $0 } }

    fileprivate func raise() {
      let again = raised.withLock { raised in
        defer { raised = true }
        return raised
      }
      if again { _exit(ExitStatus.interrupted.rawValue) }
      Console.say("\nstopping after the images in hand; once more to stop at once")
    }
  }

  let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  /// The command that started this process, as a shell takes it.
  static var commandLine: String {
    CommandLine.arguments.map { argument in
      argument.contains(where: { " \t\"'$*?\\".contains($0) })
        ? "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'" : argument
    }.joined(separator: " ")
  }

  init() {
    let queue = DispatchQueue(label: "interrupt")
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [flag] in flag.raise() }
      source.resume()
    }
  }
}
