/// Lends the names of the columns and then their kinds to C, and checks what it says to each.
func withFeatureTexts(
  of columns: FeatureColumns,
  _ body: (_ field: String, UnsafeMutableBufferPointer<UnsafePointer<CChar>?>) -> Int32
) throws(BoostingError) {
  for (field, texts) in [
    ("feature_name", columns.names), ("feature_type", columns.kinds.map(\.rawValue)),
  ] {
    let bytes = texts.flatMap { Array($0.utf8CString) }
    let code = unsafe bytes.withUnsafeBufferPointer { bytes in
      var offset = 0
      var pointers: [UnsafePointer<CChar>?] = unsafe []
      for text in texts {
        unsafe pointers.append(bytes.baseAddress.map { unsafe $0 + offset })
        offset += text.utf8.count + 1
      }
      return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body(field, $0) }
    }
    try XGBoostLibrary.check("take a \(field) for \(columns.width) columns", code)
  }
}
