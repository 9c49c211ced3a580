public import Foundation

extension SimulatedSessions {
  /// Writes `impressions.csv`, the log, and `truth.json`, the world behind it, into a folder that
  /// exists. Each file is replaced as a whole.
  ///
  /// - Throws: what Foundation throws when a file cannot be written.
  public func write(to folder: URL) throws {
    try Data(impressions().utf8).write(
      to: folder.appendingPathComponent("impressions.csv"), options: .atomic)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(world).write(
      to: folder.appendingPathComponent("truth.json"), options: .atomic)
  }

  /// The log as `request,user,item,timestamp,position,device,click,purchase`, one line for each item
  /// shown; positions count from 1.
  public func impressions() -> String {
    var text = "request,user,item,timestamp,position,device,click,purchase\n"
    text.reserveCapacity(sessions.reduce(64) { $0 + $1.items.count * 64 })
    for session in sessions {
      let head = "\(field(session.id)),\(field(session.user)),"
      let device = field(session.device)
      for (position, item) in session.items.enumerated() {
        text += head
        text += field(item)
        text += ",\(session.timestamp),\(position + 1),\(device)"
        text += session.clicks[position] ? ",1" : ",0"
        text += session.purchases[position] ? ",1\n" : ",0\n"
      }
    }
    return text
  }

  private func field(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
      return text
    }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
