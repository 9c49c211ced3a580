import RankingData
import Testing

/// Lists beside the history: what past items were when the user responded to them.
@Suite struct HistoryAttributeTests {
  private static let yaml = """
    categorical: [item, category, device]
    multi_valued:
      - {name: history, limit: 2, ages: true}
      - history.category
      - history.device
    visual: {items: true, history: true, limit: 2}
    """
  private static let csv = """
    request,user,item,timestamp,click,device
    r1,u,a,10,1,phone
    r2,u,b,20,1,
    r3,u,c,30,1,tablet
    r3,u,a,30,0,tablet
    r4,u,d,40,0,phone
    r5,v,a,50,1,phone
    """

  private func log() throws -> ImpressionLog {
    try ImpressionLog(
      Table(csv: Self.csv, name: "log.csv"),
      catalogue: Catalogue(
        Table(
          csv: "id,category,device\na,shoe,shelf\nb,hat,shelf\nc,shoe,shelf\n", name: "items.csv")),
      schema: RankingSchema(yaml: Self.yaml))
  }

  @Test func valuesAreThoseOfTheEvents() throws {
    let log = try log()
    let transform = try FeatureTransform.fit(log, schema: log.schema)
    #expect(
      transform.layout.historyAttributes == [.init(bag: 1, field: 1), .init(bag: 2, field: 2)])
    #expect(transform.bags[1] == transform.categorical[1])
    #expect(transform.schema.multiValued.map(\.limit) == [2, 2, 2])
    let batch = try CompiledLog(log, transform: transform).batch([4, 5])
    let category = transform.categorical[1]
    let device = transform.categorical[2]
    #expect(Array(batch.bags[1][0]) == [category.row(of: "hat"), category.row(of: "shoe")])
    #expect(Array(batch.bags[2][0]) == [0, device.row(of: "tablet")])
    #expect(batch.bagAges[0] == [20, 10])
    #expect(batch.bags.allSatisfy { $0[1].isEmpty })
  }

  @Test func replayedRowsAreTheSame() throws {
    let log = try log()
    let images = VisualTable(ids: ["a", "c"], width: 1, vectors: [1, 2])
    let transform = try FeatureTransform.fit(log, schema: log.schema)
    let compiled = try CompiledLog(log, transform: transform, visual: images)
    for logged in try log.loggedRequests() {
      let request = try RankingRequest(json: Array(logged.request.json().utf8))
      #expect(request == logged.request)
      let served = transform.batch(for: request, visual: images, catalogue: log.catalogue)
      let rows = compiled.batch(logged.rows)
      #expect(rows.bags == served.bags && rows.bagAges == served.bagAges)
      #expect(rows.visualHistory == served.visualHistory)
      #expect(rows.categorical == served.categorical)
    }
    // b has no image, and keeps its place.
    #expect(Array(compiled.batch([4]).visualHistory[0]) == [-1, 1])
  }

  @Test func entriesMayBringTheirOwnAndTheCatalogueKnowsTheRest() throws {
    let log = try log()
    let transform = try FeatureTransform.fit(log, schema: log.schema)
    let json = #"""
      {"id": "r", "timestamp": 60, "context": {"device": "tablet"}, "items": [{"id": "a"}],
       "history": [{"id": "a", "timestamp": 1, "features": {"device": "phone"}},
         {"id": "x", "timestamp": 2, "category": "hat"}]}
      """#
    let request = try RankingRequest(json: Array(json.utf8))
    let batch = transform.batch(for: request, catalogue: log.catalogue)
    let (category, device) = (transform.categorical[1], transform.categorical[2])
    #expect(batch.bags[1].values == [category.row(of: "shoe"), category.row(of: "hat")])
    // The context is of now, not of then.
    #expect(batch.bags[2].values == [device.row(of: "phone"), 0])
  }

  @Test(arguments: [
    ("categorical: [item]\nmulti_valued: [history.item]", "there is none"),
    ("categorical: [item]\nmulti_valued: [history, history.category]", "no categorical field"),
    (
      "categorical: [item, category]\nmulti_valued: [history, {name: history.category, limit: 3}]",
      "Write only the name"
    ),
  ])
  func refusals(yaml: String, expected: String) {
    let error = failure { _ = try RankingSchema(yaml: yaml) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }
}
