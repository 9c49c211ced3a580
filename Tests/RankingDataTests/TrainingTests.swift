import Foundation
import RankingData
import Testing

private let impressions = """
  request,user,item,timestamp,position,device,age,click
  r1,u1,a,100,0,tv,20,1
  r1,u1,b,100,1,tv,20,0
  r2,u2,a,150,1,web,,0
  r2,u2,c,150,0,web,,1
  r3,u1,c,200,0,web,21,1
  r3,u1,d,200,1,web,21,0
  r4,u1,b,300,0,tv,22,1
  r5,u1,a,400,0,tv,22,0
  """

private let catalogue = """
  id,path,category,genres,price
  a,img/a.jpg,x,g1|g2,1
  b,img/b.jpg,y,g2,10
  c,,x,,100
  """

private let schema = RankingSchema(
  categorical: [
    .init(name: "user"), .init(name: "item"), .init(name: "category"), .init(name: "device"),
  ],
  multiValued: [.init(name: "genres"), .init(name: "history", limit: 2)],
  numeric: [.init(name: "age"), .init(name: "price", transform: .log)],
  visual: VisualFields(items: true, history: true))

private let visual = VisualTable(ids: ["b", "a"], width: 1, vectors: [0.5, 0.25])

private func log() throws -> ImpressionLog {
  try ImpressionLog(
    Table(csv: impressions, name: "impressions.csv"),
    catalogue: Catalogue(Table(csv: catalogue, name: "catalogue.csv")), schema: schema)
}

@Suite struct TrainingTests {
  @Test func joinsAndCompiles() throws {
    let log = try log()
    #expect(log.count == 8 && log.itemsWithoutFeatures == 1)
    #expect(log.catalogue?.imagePath(of: "a")?.hasSuffix("/img/a.jpg") == true)
    #expect(log.catalogue?.imagePath(of: "c") == nil && log.catalogue?.category(of: "c") == "x")
    let transform = try FeatureTransform.fit(log, schema: schema)
    // Counts: u1 6, u2 2; a 3, b 2, c 2, d 1.
    #expect(transform.categorical[0].ids == ["u1", "u2"])
    #expect(transform.categorical[1].ids == ["a", "b", "c", "d"])
    #expect(transform.layout.categorical.map(\.rows) == [3, 5, 3, 3])
    #expect(transform.layout.bags.map(\.rows) == [3, 5] && transform.layout.historyBag == 1)
    #expect(transform.layout.itemField == 1)
    #expect(
      transform.layout.numeric == ["age", "age is missing", "price", "price is missing"])
    let compiled = try CompiledLog(log, transform: transform, visual: visual)
    let batch = compiled.batch(Array(0..<8))
    #expect(batch.categorical[1] == [1, 2, 1, 3, 3, 4, 2, 1])
    #expect(batch.categorical[2] == [1, 2, 1, 1, 1, 0, 2, 1])
    // g2 counts 5, g1 3.
    #expect(Array(batch.bags[0][0]) == [2, 1] && batch.bags[0][3].isEmpty)
    // Rows of u1: nothing at 100, a at 200, a c at 300, c b at 400 (limit 2).
    #expect(
      (0..<8).map { Array(batch.bags[1][$0]) } == [[], [], [], [], [1], [1], [1, 3], [3, 2]])
    #expect(batch.visualRows == [1, 0, 1, -1, -1, -1, 0, 1])
    // c has no image, and keeps its place.
    #expect((4..<8).map { Array(batch.visualHistory[$0]) } == [[1], [1], [1, -1], [1, -1, 0]])
    #expect(batch.numericWidth == 4 && batch.numeric[2 * 4] == 0 && batch.numeric[2 * 4 + 1] == 1)
    #expect(batch.labels == [1, 0, 0, 1, 1, 0, 1, 0])
    #expect(batch.groups == [0, 0, 1, 1, 0, 0, 0, 0])
    #expect(compiled.report.missing["price"] == 1 && compiled.report.missing["category"] == 1)
    #expect(compiled.report.withoutImage == 3)
  }

  /// The heart of train/serve agreement: a logged request, sent as a request, gives the same batch.
  @Test func requestsAndRowsGiveTheSameBatch() throws {
    let log = try log()
    let transform = try FeatureTransform.fit(log, schema: schema, rows: [0, 1, 2, 3, 4, 5])
    let stored = try JSONDecoder().decode(FeatureTransform.self, from: transform.json())
    #expect(stored == transform)
    #expect(try stored.json() == transform.json())
    let compiled = try CompiledLog(log, transform: transform, visual: visual)
    for logged in try log.loggedRequests() {
      var rows = compiled.batch(logged.rows)
      let text = try logged.request.json()
      let request = try RankingRequest(json: Array(text.utf8))
      var report = FeatureReport()
      let served = stored.batch(for: [request], visual: visual, report: &report)
      rows.labels = served.labels
      rows.groups = served.groups
      rows.requests = served.requests
      #expect(rows == served)
      #expect(report.rows == logged.rows.count)
      // Ids alone are enough where the service holds the catalogue.
      var bare = request
      for index in bare.items.indices { bare.items[index] = Candidate(id: request.items[index].id) }
      #expect(stored.batch(for: bare, visual: visual, catalogue: log.catalogue) == served)
    }
  }

  @Test func unknownValuesAreCountedAndScored() throws {
    let log = try log()
    let transform = try FeatureTransform.fit(log, schema: schema)
    let request = RankingRequest(
      id: "r", user: "new", timestamp: 500, context: ["device": "fridge", "age": "old"],
      history: [
        HistoryEntry(id: "c", timestamp: 300), HistoryEntry(id: "zzz", timestamp: 200),
        HistoryEntry(id: "a", timestamp: 500),
      ],
      items: [Candidate(id: "q", category: "x", features: ["price": -1, "genres": ["g1", "g9"]])])
    var report = FeatureReport()
    let batch = transform.batch(for: [request], report: &report)
    #expect(batch.categorical == [[0], [0], [1], [0]])
    #expect(Array(batch.bags[0][0]) == [2, 0])
    // The item clicked at the very time of the request is no history; times give the order.
    #expect(Array(batch.bags[1][0]) == [0, 3])
    #expect(batch.visualRows == [-1])
    #expect(report.unknown == ["user": 1, "item": 1, "device": 1, "genres": 1])
    #expect(report.unreadable == ["age": 1, "price": 1] && report.withoutImage == 1)
    #expect(batch.numeric.allSatisfy { $0.isFinite })
    let none = transform.batch(for: [], report: &report)
    #expect(none.count == 0 && none.bags.allSatisfy { $0.count == 0 })
  }

  @Test func groupsRequests() throws {
    let requests = try log().loggedRequests(rows: [2, 3, 4, 5])
    #expect(requests.map(\.request.id) == ["r2", "r3"])
    #expect(requests[0].request.items.map(\.id) == ["c", "a"])
    #expect(requests[0].labels == [1, 0] && requests[0].rows == [3, 2])
    #expect(requests[0].request.context == ["device": "web"])
    #expect(requests[0].request.items[1].category == "x")
    #expect(requests[1].request.history == [HistoryEntry(id: "a", timestamp: 100)])
    let twice = try ImpressionLog(
      Table(csv: "request,user,item,timestamp,click\nr,u,a,1,0\nr,u,a,1,1\n"), catalogue: nil,
      schema: RankingSchema()
    ).loggedRequests()
    #expect(twice[0].request.items.count == 1 && twice[0].labels == [1])
  }

  @Test func badRowsNameTheirLine() {
    func error(_ csv: String, _ schema: RankingSchema = schema) -> RankingDataError? {
      failure {
        let log = try ImpressionLog(
          Table(csv: csv, name: "i.csv"), catalogue: nil, schema: schema)
        _ = try FeatureTransform.fit(log, schema: schema)
      }
    }
    let header = "request,user,item,timestamp,click,n\n"
    let numbers = RankingSchema(numeric: [.init(name: "n", transform: .log)])
    #expect(error(header + "r,u,a,1,0,1\nr,u,b,1,-7,1\n")?.line == 3)
    #expect(error(header + "r,u,a,1,0,1\nr,u,b,x,1,1\n")?.line == 3)
    #expect(error(header + "r,,a,1,0,1\n")?.code == .emptyIdentifier)
    #expect(error(header)?.code == .insufficientData)
    #expect(error(header + "r,u,a,1,0,1\n")?.code == .missingColumn)
    #expect(error(header + "r,u,a,1,0,1\nr,u,b,1,0,-2\n", numbers)?.line == 3)
    #expect(
      failure { _ = try Catalogue(Table(csv: "id\na\na\n", name: "c.csv")) }?.code
        == .duplicateIdentifier)
  }
}
