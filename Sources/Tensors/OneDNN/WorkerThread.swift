import CDNNL

/// Keeps oneDNN's own threads out of the way.
///
/// Parallelism comes from one worker per core. An OpenMP team inside a worker would fight with the
/// other workers over the cores, and would make sums depend on the number of threads.
enum WorkerThread {
  /// Limits OpenMP to the calling thread.
  ///
  /// OpenMP keeps this setting per thread and Swift tasks change threads, so it is made before
  /// every call that computes; it costs a few nanoseconds.
  static func limitToOneThread() {
    omp_set_num_threads(1)
  }
}
