/// Talk about work that goes on: a line that changes on a terminal, a line every ten seconds elsewhere.
struct TalkLine {
  private var last: ContinuousClock.Instant?
  private var isOpen = false

  mutating func show(_ text: @autoclosure () -> String) {
    let pause: Duration = Console.isInteractive ? .milliseconds(200) : .seconds(10)
    let now = ContinuousClock.now
    // The first line off a terminal would only say that nothing has happened yet.
    let start = last ?? (Console.isInteractive ? now - pause : now)
    last = start
    guard start.duration(to: now) >= pause else { return }
    last = now
    if Console.isInteractive {
      Console.replaceLine(text())
      isOpen = true
    } else {
      Console.say(text())
    }
  }

  mutating func end() {
    if isOpen { Console.replaceLine("") }
    isOpen = false
  }
}
