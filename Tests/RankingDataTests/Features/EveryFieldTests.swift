import Foundation
import RankingData
import Testing

/// A log that has something for every kind of field, with coinciding times, missing values, and ids
/// that only later rows know.
struct EveryField {
  var impressions: String
  var items: String
  var log: ImpressionLog
  var training: [Int32]

  static let schema = RankingSchema(
    categorical: [
      .init(name: "user"), .init(name: "item", minimumCount: 2), .init(name: "device"),
      .init(name: "city", hash: 17), .init(name: "category"), .init(name: "brand", hash: 5),
    ],
    multiValued: [
      .init(name: "tags", limit: 3), .init(name: "labels", hash: 11),
      .init(name: "liked", columns: ["m1", "m2", "m3"], limit: 2),
      .init(name: "seen", times: "seen_at", limit: 2),
      .init(name: "history", ages: true, limit: 3),
    ],
    numeric: [
      .init(name: "price"), .init(name: "cost", transform: .log),
      .init(name: "age", transform: .quantile, powers: [1, 2, 0.5]),
      .init(name: "age", buckets: .equalMass(4)), .init(name: "cost", buckets: .edges([3, 6])),
      .init(name: "f*", transform: .none),
    ],
    crosses: [
      .init(fields: ["device", "category"], minimumCount: 2),
      .init(fields: ["city", "age", "brand"], hash: 50),
    ],
    counters: [
      .init(by: ["item"], fallback: ["brand", "category"], halfLife: 500),
      .init(by: ["user", "category"], outputs: [.rate], transform: .none),
      .init(
        by: ["age"], smoothing: .fixed(BetaPrior(alpha: 1, beta: 4)), fallback: ["device"],
        transform: .quantile),
    ],
    visual: VisualFields(items: true, history: true, limit: 2))

  init(requests: Int = 300, seed: UInt64 = 1) throws {
    var noise = Noise(state: seed)
    func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &noise) }
    func maybe(_ text: String) -> String { pick(6) == 0 ? "" : text }
    var lines = [
      "request,user,item,timestamp,click,device,city,brand,price,age,tags,labels,m1,m2,m3,seen,"
        + "seen_at,f1,f2"
    ]
    var times: [Int64] = []
    for request in 0..<requests {
      let time = 1000 + request / 2 * 7
      let user = pick(20)
      let (device, city) = (maybe("d\(pick(3))"), maybe("c\(pick(30))"))
      let (first, known) = (pick(30), request < requests / 2 ? 20 : 30)
      for place in 0..<3 {
        let seen = (0..<pick(4)).map { _ in (id: pick(5), time: time - 3 + pick(5)) }
        let cells = [
          "r\(request)", "u\(user)", "i\((first + place * 7) % known)", "\(time)",
          "\(pick(4) == 0 ? 1 : 0)", device, city, maybe("b\(pick(4))"), maybe("\(pick(90)).5"),
          maybe("\(pick(60))"), maybe((0..<pick(5)).map { "t\($0)" }.joined(separator: "|")),
          maybe("l\(pick(9))|l\(pick(9))"), maybe("m\(pick(4))"), maybe("m\(pick(4))"),
          maybe("m\(pick(4))"), seen.map { "s\($0.id)" }.joined(separator: "|"),
          seen.map { "\($0.time)" }.joined(separator: "|"), "\(pick(3))", maybe("\(pick(3))"),
        ]
        lines.append(cells.joined(separator: ","))
        times.append(Int64(time))
      }
    }
    var items = ["id,category,cost"]
    for item in 0..<25 { items.append("i\(item),k\(item % 4),\(maybe("\(pick(9))"))") }
    impressions = lines.joined(separator: "\n")
    self.items = items.joined(separator: "\n")
    log = try ImpressionLog(
      Table(csv: impressions), catalogue: Catalogue(Table(csv: self.items)), schema: Self.schema)
    let cut = times[times.count * 2 / 3]
    training = times.indices.filter { times[$0] < cut }.map { Int32($0) }
  }

  static let visual = VisualTable(
    ids: ["i3", "i1", "i7", "i8"], width: 1, vectors: [0.1, 0.2, 0.3, 0.4])
}

@Suite struct EveryFieldTests {
  /// One transform, two ways into it: a row of the log, and the same row sent as a request.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func aRowAndItsRequestGiveTheSameBatch(_ seed: UInt64) throws {
    let world = try EveryField(seed: seed)
    let transform = try FeatureTransform.fit(
      world.log, schema: EveryField.schema, rows: world.training)
    let stored = try JSONDecoder().decode(FeatureTransform.self, from: transform.json())
    #expect(stored == transform)
    let compiled = try CompiledLog(
      world.log, transform: stored, visual: EveryField.visual, training: world.training)
    let trained = Set(world.training)
    let layout = stored.layout
    #expect(layout.categorical.count == 10 && layout.agedBags == [3, 4])
    let counters = layout.numericWidth - 7
    var compared = 0
    var kept = [0, 0, 0, 0, 0]
    for logged in try world.log.loggedRequests() {
      var rows = compiled.batch(logged.rows)
      let request = try RankingRequest(json: Array(logged.request.json().utf8))
      var served = stored.batch(
        for: request, visual: EveryField.visual, catalogue: world.log.catalogue)
      (served.labels, served.groups, served.requests) = (rows.labels, rows.groups, rows.requests)
      if trained.contains(logged.rows[0]) {
        // A counter tells a training row less than it tells a request of today.
        for row in 0..<rows.count {
          let columns = row * layout.numericWidth + counters..<(row + 1) * layout.numericWidth
          rows.numeric.replaceSubrange(columns, with: served.numeric[columns])
        }
      } else {
        compared += rows.count
      }
      let isSame = rows == served
      #expect(isSame, "\(logged.request.id)")
      for (bag, list) in served.bags.enumerated() { kept[bag] += list.values.count }
    }
    #expect(compared > 250 && kept.allSatisfy { $0 > 100 }, "\(kept)")
  }

  /// Numbers that are mapped from a store as numbers, and not as the texts of a file.
  @Test func aPreparedLogIsTheLog() throws {
    let world = try EveryField()
    let visual = EveryField.visual
    try withFolder { folder in
      let recipe = try PreparedDataset.Recipe(
        log: TableFiles([folder.file("log.csv", world.impressions)]),
        catalogue: TableFiles([folder.file("items.csv", world.items)]),
        columns: EveryField.schema.keptColumns, parts: nil)
      let store = folder + "/store"
      try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
      _ = try PreparedDataset(recipe, into: store)
      let log = try ImpressionLog(PreparedDataset(path: store), schema: EveryField.schema)
      let transform = try FeatureTransform.fit(log, schema: log.schema, rows: world.training)
      let same = try FeatureTransform.fit(world.log, schema: log.schema, rows: world.training)
      #expect(transform == same)
      let rows = Array((0..<Int32(log.count)).reversed())
      let mapped = try CompiledLog(
        log, transform: transform, visual: visual, training: world.training)
      let read = try CompiledLog(
        world.log, transform: transform, visual: visual, training: world.training)
      let isSame = mapped.batch(rows) == read.batch(rows)
      #expect(isSame && mapped.report == read.report)
      for logged in try log.loggedRequests(rows: Array(rows.filter { $0 > 600 })) {
        var batch = mapped.batch(logged.rows)
        let request = try RankingRequest(json: Array(logged.request.json().utf8))
        let served = transform.batch(for: request, visual: visual, catalogue: log.catalogue)
        (batch.labels, batch.groups, batch.requests) =
          (served.labels, served.groups, served.requests)
        let isServed = batch == served
        #expect(isServed, "\(logged.request.id)")
      }
    }
  }

  @Test func reportsCountTheSame() throws {
    let world = try EveryField()
    let transform = try FeatureTransform.fit(
      world.log, schema: EveryField.schema, rows: world.training)
    let compiled = try CompiledLog(world.log, transform: transform, visual: EveryField.visual)
    var report = FeatureReport()
    let logged = try world.log.loggedRequests()
    let batch = transform.batch(
      for: logged.map(\.request), visual: EveryField.visual, catalogue: world.log.catalogue,
      report: &report)
    #expect(batch.count == world.log.count)
    #expect(report == compiled.report)
  }

  @Test func onlyWhatWasEarlierStaysInAListWithTimes() throws {
    let schema = RankingSchema(multiValued: [.init(name: "seen", times: "at", limit: 2)])
    let csv = """
      request,user,item,timestamp,click,seen,at
      r1,u,i,100,0,a|b|c|d,99|100|40|98
      r2,u,i,100,0,,
      """
    let log = try ImpressionLog(Table(csv: csv, name: "log.csv"), catalogue: nil, schema: schema)
    let transform = try FeatureTransform.fit(log, schema: schema)
    let batch = try CompiledLog(log, transform: transform).batch([0, 1])
    // b is not earlier, c is too old for the limit.
    #expect(transform.bags[0].ids.sorted() == ["a", "d"])
    #expect(Array(batch.bags[0][0]) == ["d", "a"].map { transform.bags[0].row(of: $0) })
    #expect(batch.bags[0][1].isEmpty && batch.bagAges == [[2, 1]])
    let ragged = "request,user,item,timestamp,click,seen,at\nr,u,i,1,0,a|b,5\n"
    let error = failure {
      let log = try ImpressionLog(Table(csv: ragged, name: "l.csv"), catalogue: nil, schema: schema)
      _ = try FeatureTransform.fit(log, schema: schema)
    }
    #expect(error?.line == 2 && error?.description.contains("1 times for the 2 ids") == true)
  }

  @Test func agesOfAHistoryAreSecondsBeforeTheRequest() throws {
    let schema = RankingSchema(multiValued: [.init(name: "history", ages: true)])
    let csv = """
      request,user,item,timestamp,click
      r1,u,a,100,1
      r2,u,b,160,1
      r3,u,c,200,0
      """
    let log = try ImpressionLog(Table(csv: csv), catalogue: nil, schema: schema)
    let transform = try FeatureTransform.fit(log, schema: schema)
    let batch = try CompiledLog(log, transform: transform).batch([0, 1, 2])
    #expect(batch.bagAges == [[60, 100, 40]])
    let request = RankingRequest(
      id: "r", history: [HistoryEntry(id: "a", timestamp: 5), HistoryEntry(id: "b")],
      items: [Candidate(id: "c")])
    #expect(transform.batch(for: request).bagAges == [[-1, -1]])
  }
}
