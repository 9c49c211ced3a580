/// Guesses which columns are what, by their names and by what they hold.
struct RoleGuess {
  private(set) var request: String?
  private(set) var user: String?
  private(set) var item: String?
  private(set) var timestamp: String?
  private(set) var weight: String?
  /// Columns of times in milliseconds, which are no timestamps here.
  private(set) var milliseconds: [String] = []

  /// Names without case and punctuation, the likeliest first.
  private static let requests = [
    "request", "requestid", "qid", "queryid", "query", "session", "sessionid", "srchid", "searchid",
    "impressionid", "pageviewid",
  ]
  private static let users = [
    "user", "userid", "uid", "visitor", "visitorid", "customer", "customerid", "member", "memberid",
    "reviewerid", "deviceid",
  ]
  private static let items = [
    "item", "itemid", "iid", "docid", "movieid", "productid", "product", "articleid", "newsid",
    "videoid", "adid", "asin", "sku", "propid", "songid", "bookid",
  ]
  private static let times = [
    "timestamp", "ts", "time", "unixtime", "unixreviewtime", "eventtime", "event_time", "datetime",
    "date",
  ]

  init(_ profiles: [ColumnProfile]) {
    func first(_ names: [String], _ fits: (ColumnProfile) -> Bool) -> String? {
      for name in names {
        if let found = profiles.first(where: { plain($0.name) == name && fits($0) }) {
          return found.name
        }
      }
      return nil
    }
    // An id is there in every row.
    let isComplete = { (profile: ColumnProfile) in profile.missing == 0 }
    request = first(Self.requests, isComplete)
    user = first(Self.users, isComplete)
    item = first(Self.items, isComplete)
    timestamp = first(Self.times) { $0.isBetween(3e8, 5e9) && $0.missing == 0 }
    weight = first(["weight", "sampleweight", "instanceweight"]) {
      $0.numbers != nil && $0.minimum >= 0 && $0.missing == 0
    }
    milliseconds = profiles.filter {
      Self.times.contains(plain($0.name)) && $0.isBetween(3e11, 5e12)
    }.map(\.name)
  }

  /// The roles that were found.
  var columns: Set<String> { Set([request, user, item, timestamp, weight].compactMap { $0 }) }
}

extension ColumnProfile {
  fileprivate func isBetween(_ low: Double, _ high: Double) -> Bool {
    isWhole && minimum >= low && maximum <= high
  }
}

/// A name without case and punctuation.
func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
