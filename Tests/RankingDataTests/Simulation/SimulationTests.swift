import Foundation
import RankingData
import Testing

struct SimulationTests {
  @Test func sameSeedGivesTheSameLog() throws {
    let configuration = smallConfiguration()
    let items = simulatedCatalogue()
    let first = try Simulation(configuration: configuration, items: items, seed: 3).run()
    let second = try Simulation(configuration: configuration, items: items, seed: 3).run()
    let other = try Simulation(configuration: configuration, items: items, seed: 4).run()
    #expect(first.sessions == second.sessions)
    #expect(first.world == second.world)
    #expect(first.sessions != other.sessions)
  }

  @Test func listsAreWithinTheConfiguredLengthAndWithoutRepeats() throws {
    let log = try Simulation(
      configuration: smallConfiguration(), items: simulatedCatalogue(), seed: 3
    ).run()
    #expect(log.sessions.count == 1_500)
    #expect(Set(log.sessions.map(\.items.count)) == Set(20...28))
    #expect(log.sessions.allSatisfy { Set($0.items).count == $0.items.count })
    #expect(log.sessions.allSatisfy { $0.clicks.count == $0.items.count })
    #expect(Set(log.sessions.map(\.id)).count == 1_500)
    #expect(log.sessions.map(\.timestamp) == log.sessions.map(\.timestamp).sorted())
  }

  @Test func nothingIsShownBeforeItsLaunchAndNewItemsKeepArriving() throws {
    let log = try Simulation(
      configuration: smallConfiguration(), items: simulatedCatalogue(), seed: 3
    ).run()
    let launches = Dictionary(
      uniqueKeysWithValues: log.world.items.map { ($0.id, $0.launch) })
    for session in log.sessions {
      #expect(session.items.allSatisfy { (launches[$0] ?? .max) <= session.timestamp })
    }
    // What the last 15 % of the log shows and the first 70 % could not.
    let trainingEnd = log.sessions[1_050].timestamp
    let shown = log.sessions.suffix(225).flatMap(\.items)
    let cold = shown.count { (launches[$0] ?? 0) > trainingEnd }
    #expect(Double(cold) / Double(shown.count) > 0.2)
    #expect(log.world.items.count { $0.launch == log.world.configuration.start } == 60)
  }

  @Test func clicksFallWithThePositionInRandomOrder() throws {
    var configuration = smallConfiguration()
    configuration.sessions = 6_000
    configuration.loggingSkill = 0
    configuration.duplicatePenalty = 0
    configuration.devices = [
      .init(name: "mobile", share: 1, positionExponent: 0.5, interest: 0)
    ]
    let log = try Simulation(
      configuration: configuration, items: simulatedCatalogue(), seed: 5
    ).run()
    let rates = clickRates(log.sessions, positions: 16)
    // Without duplicates to avoid, the rates are those of the first position times j^-1/2. Their
    // standard errors are near 0.005.
    #expect(abs(rates[3] / rates[0] - 0.5) < 0.05)
    #expect(abs(rates[15] / rates[0] - 0.25) < 0.05)
    #expect(rates[0] > 0.15)
  }

  @Test func aSkilledPolicyEarnsMoreThanARandomOne() throws {
    let items = simulatedCatalogue()
    var clicks: [Int] = []
    for skill in [0, 0.5, 1] {
      var configuration = smallConfiguration()
      configuration.loggingSkill = skill
      let log = try Simulation(configuration: configuration, items: items, seed: 6).run()
      clicks.append(log.sessions.reduce(0) { $0 + $1.clicks.count { $0 } })
    }
    #expect(Double(clicks[1]) > 1.1 * Double(clicks[0]))
    #expect(Double(clicks[2]) > 1.1 * Double(clicks[1]))
  }

  /// What is bought was clicked.
  @Test func purchasesFollowClicks() throws {
    var configuration = smallConfiguration()
    configuration.sessions = 6_000
    let log = try Simulation(
      configuration: configuration, items: simulatedCatalogue(), seed: 3
    ).run()
    let simulator = try log.clickSimulator()
    var (clicked, shown) = ([Double](), [Double]())
    var bought = 0.0
    for session in log.sessions {
      #expect(zip(session.purchases, session.clicks).allSatisfy { !$0 || $1 })
      for (place, item) in session.items.enumerated() {
        let chance = try simulator.purchaseProbability(user: session.user, item: item)
        shown.append(chance)
        if session.clicks[place] { clicked.append(chance) }
        bought += session.purchases[place] ? 1 : 0
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let variance = clicked.reduce(0) { $0 + $1 * (1 - $1) }
    #expect(abs(bought - clicked.reduce(0, +)) < 4 * variance.squareRoot())
    // Selection bias: rows with a click convert more often than all rows would.
    #expect(mean(clicked) > 1.1 * mean(shown), "\(mean(clicked)), \(mean(shown))")
    #expect((0.1...0.4).contains(mean(clicked)))
  }

  /// Buying takes nothing away from the draws of what was there before it.
  @Test func purchasesLeaveTheClicksAlone() throws {
    var eager = smallConfiguration()
    eager.purchaseInterest = 100
    let items = simulatedCatalogue()
    let log = try Simulation(configuration: smallConfiguration(), items: items, seed: 3).run()
    let other = try Simulation(configuration: eager, items: items, seed: 3).run()
    #expect(log.sessions.map(\.clicks) == other.sessions.map(\.clicks))
    #expect(log.sessions.map(\.items) == other.sessions.map(\.items))
    #expect(other.sessions.allSatisfy { $0.purchases == $0.clicks })
    #expect(log.sessions.contains { $0.purchases != $0.clicks })
  }

  @Test func filesHoldTheLogAndTheTruthApart() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "simulation-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var items = simulatedCatalogue()
    items[0].id = "comma, \"quote\""
    let log = try Simulation(
      configuration: smallConfiguration(), items: items, seed: 3
    ).run()
    try log.write(to: folder)

    let text = try String(
      contentsOf: folder.appendingPathComponent("impressions.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines[0] == "request,user,item,timestamp,position,device,click,purchase")
    #expect(lines.count == 1 + log.sessions.reduce(0) { $0 + $1.items.count })
    let session = log.sessions[0]
    #expect(
      lines[1]
        == "\(session.id),\(session.user),\(session.items[0]),\(session.timestamp),1,"
        + "\(session.device),\(session.clicks[0] ? 1 : 0),\(session.purchases[0] ? 1 : 0)")
    #expect(text.contains("\"comma, \"\"quote\"\"\""))

    let truth = try JSONDecoder().decode(
      SimulatedWorld.self, from: Data(contentsOf: folder.appendingPathComponent("truth.json")))
    #expect(truth == log.world)
  }
}
