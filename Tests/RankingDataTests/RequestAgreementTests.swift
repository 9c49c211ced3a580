import RankingData
import Testing

/// Where training and serving could part ways.
@Suite struct RequestAgreementTests {
  private func log(_ csv: String, _ schema: RankingSchema, catalogue: String? = nil) throws
    -> ImpressionLog
  {
    try ImpressionLog(
      Table(csv: csv, name: "log.csv"),
      catalogue: catalogue.map { try Catalogue(Table(csv: $0, name: "items.csv")) }, schema: schema)
  }

  /// The rows of a list are logged as they are seen; the list was ranked before all of them.
  @Test func aListKnowsNothingOfItself() throws {
    let schema = RankingSchema(multiValued: [.init(name: "history")])
    let csv = """
      request,user,item,timestamp,click
      r1,u,a,100,1
      r2,u,b,200,1
      r2,u,c,201,1
      r2,u,d,202,0
      r3,u,e,300,0
      """
    let log = try log(csv, schema)
    #expect(log.timestamps == [100, 200, 200, 200, 300])
    let transform = try FeatureTransform.fit(log, schema: schema)
    let batch = try CompiledLog(log, transform: transform).batch(Array(0..<5))
    let rows = Dictionary(
      uniqueKeysWithValues: "abc".map { (String($0), transform.bags[0].row(of: String($0))) })
    func history(_ row: Int) -> [Int32] { Array(batch.bags[0][row]) }
    #expect(history(1) == [rows["a"]] && history(2) == history(1) && history(3) == history(1))
    #expect(history(4) == [rows["a"], rows["b"], rows["c"]])
    let requests = try log.loggedRequests()
    #expect(requests[1].request.timestamp == 200)
    #expect(requests[1].request.history.map(\.id) == ["a"])
    let parts = try TimeSplit.fractions(validation: 0.4, test: 0.2).rows(of: log.timestamps)
    #expect(parts.train == [0] && parts.validation == [1, 2, 3] && parts.test == [4])
  }

  @Test func aRequestHasOneUser() {
    let csv = "request,user,item,timestamp,click\nr1,u,a,1,0\nr1,v,b,1,0\n"
    let error = failure { _ = try log(csv, RankingSchema()) }
    #expect(error?.code == .badValue && error?.line == 3)
    #expect(error?.description.contains("\"u\"'s, not \"v\"'s") == true)
  }

  /// The log says that a price was unknown at the time, whatever the catalogue says today.
  @Test func anEmptyCellIsNotTheCataloguesValue() throws {
    let schema = RankingSchema(
      categorical: [.init(name: "colour")], numeric: [.init(name: "price")])
    let csv = """
      request,user,item,timestamp,click,price,colour
      r1,u,a,1,0,3,red
      r1,u,b,1,0,,
      r2,u,b,2,0,,
      r2,u,a,2,1,,
      """
    let log = try log(csv, schema, catalogue: "id,price,colour\na,9,blue\nb,7,green\n")
    let transform = try FeatureTransform.fit(log, schema: schema)
    let compiled = try CompiledLog(log, transform: transform)
    for logged in try log.loggedRequests() {
      let request = try RankingRequest(json: Array(logged.request.json().utf8))
      let served = transform.batch(for: request, catalogue: log.catalogue)
      let rows = compiled.batch(logged.rows)
      #expect(rows.numeric == served.numeric && rows.categorical == served.categorical)
    }
  }

  @Test func aListInJSONIsTheCellInCSV() throws {
    let schema = RankingSchema(multiValued: [.init(name: "tags", limit: 2)])
    let csv = "request,user,item,timestamp,click,tags\nr,u,a,1,1, x | y|z\nr,u,b,1,0,y\n"
    let transform = try FeatureTransform.fit(log(csv, schema), schema: schema)
    func rows(_ json: String) throws -> [Int32] {
      let text = #"{"id":"r","items":[{"id":"a","features":{"tags":TAGS}}]}"#
      let bytes = Array(text.replacing("TAGS", with: json).utf8)
      return Array(try transform.batch(for: RankingRequest(json: bytes)).bags[0][0])
    }
    #expect(try rows(#"" x | y|z""#) == rows(#"[" x ","y","z"]"#))
    #expect(try rows(#"[" x ","y","z"]"#).count == 2)
    #expect(try rows(#"["", " "]"#).isEmpty && rows(#""""#).isEmpty && rows("[]").isEmpty)
  }

  /// 2^53 + 1 is no `Double`.
  @Test func largeIntegersStayTheIdsTheyAre() throws {
    let schema = RankingSchema(categorical: [.init(name: "device")])
    let csv = """
      request,user,item,timestamp,click,device
      r1,u,a,1,1,9007199254740993
      r1,u,b,1,0,9007199254740992
      """
    let transform = try FeatureTransform.fit(log(csv, schema), schema: schema)
    func row(_ json: String) throws -> Int32 {
      let text = #"{"id":"r","context":{"device":ID},"items":[{"id":"a"}]}"#
      let bytes = Array(text.replacing("ID", with: json).utf8)
      return try transform.batch(for: RankingRequest(json: bytes)).categorical[0][0]
    }
    for id in ["9007199254740993", "9007199254740992"] {
      #expect(try row(id) == row("\"\(id)\"") && row(id) != 0)
    }
    #expect(try row("9007199254740993") != row("9007199254740992"))
  }

  @Test func numbersBeyondMeasureAreRefusedWhereTheyStand() throws {
    let schema = RankingSchema(numeric: [.init(name: "price")])
    let csv = "request,user,item,timestamp,click\nr,u,a,1,1\nr,u,b,1,0\n"
    let log = try log(csv, schema, catalogue: "id,price\nb,1\na,1.7976931348623157e308\n")
    let error = failure { _ = try FeatureTransform.fit(log, schema: schema) }
    #expect(error?.file == "items.csv" && error?.line == 3, "\(String(describing: error))")
    let negative = RankingSchema(numeric: [.init(name: "price", transform: .log)])
    let other = try self.log(csv, negative, catalogue: "id,price\nb,-1\na,1\n")
    let place = failure { _ = try FeatureTransform.fit(other, schema: negative) }
    #expect(place?.file == "items.csv" && place?.line == 2)
  }

  @Test func hugeNumbersStayFiniteAfterScaling() {
    let values: [Double] = [1, 2, 3]
    for transform in NumericField.Transform.allCases {
      let scaled = NumericTransform(field: .init(name: "x", transform: transform), values: values)
      for value in [1e300, -1e300, .greatestFiniteMagnitude] {
        #expect(scaled(value).magnitude <= 1e12)
      }
    }
  }
}
