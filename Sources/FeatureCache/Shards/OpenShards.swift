import Synchronization

/// The shards that are open for reading, at most `limit` of them: a process has few descriptors.
struct OpenShards: ~Copyable, Sendable {
  private static let limit = 128

  private struct State {
    var files: [UInt32: ShardFile] = [:]
    var order: [UInt32] = []
  }

  private let state = Mutex(State())

  func file(
    _ number: UInt32, _ open: () throws(FeatureCacheError) -> ShardFile
  ) throws(FeatureCacheError) -> ShardFile {
    if let file = state.withLock({ $0.files[number] }) { return file }
    let file = try open()
    return state.withLock { state in
      if let earlier = state.files[number] { return earlier }
      if state.order.count >= OpenShards.limit {
        state.files.removeValue(forKey: state.order.removeFirst())
      }
      state.files[number] = file
      state.order.append(number)
      return file
    }
  }
}
