#if !DOUBLE_PRECISION
  import CKernels
  import Dispatch
  import Synchronization
  import Tensors
  import Testing

  @Suite struct OneDNNFusedConvolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
      let geometry: ConvolutionGeometry
      let addsToOutput: Bool
      let rectifies: Bool
      let algorithm: FusedConvolution.Algorithm

      var testDescription: String {
        "\(geometry.weightShape) on \(geometry.inputShape), \(algorithm),"
          + " sum \(addsToOutput), ReLU \(rectifies)"
      }
    }

    static let cases: [Case] = ConvolutionGeometry.samples.prefix(5).flatMap { geometry in
      [(false, false), (false, true), (true, false), (true, true)].flatMap { adds, rectifies in
        [FusedConvolution.Algorithm.direct, .winograd].map {
          Case(geometry: geometry, addsToOutput: adds, rectifies: rectifies, algorithm: $0)
        }
      }
    }

    @Test(arguments: cases) func matchesTheDefinition(_ sample: Case) {
      let geometry = sample.geometry
      let trial = Trial(sample)
      let expected = trial.expected()
      let output = trial.run(in: WorkerContext())
      #expect(relativeError(output, expected) < 1e-5)
      let fits = geometry.kernel == 3 && geometry.stride == 1
      if sample.algorithm == .direct || !fits { #expect(!trial.convolution.usesWinograd) }
      if sample.algorithm == .winograd && fits && isWide { #expect(trial.convolution.usesWinograd) }
    }

    /// Whether this processor has the vectors that oneDNN's Winograd is written for.
    private var isWide: Bool { Activations.channelBlock == 16 }

    @Test func workersShareWeights() {
      for algorithm in [FusedConvolution.Algorithm.direct, .winograd] {
        let trial = Trial(
          Case(
            geometry: ConvolutionGeometry.samples[1], addsToOutput: true, rectifies: true,
            algorithm: algorithm))
        if isWide { #expect(trial.convolution.usesWinograd == (algorithm == .winograd)) }
        let expected = trial.run(in: WorkerContext())
        let results = Mutex<[[Float]]>([])
        concurrently(4) {
          let context = WorkerContext()
          for _ in 0..<20 {
            let output = trial.run(in: context)
            results.withLock { $0.append(output) }
          }
        }
        results.withLock { results in
          #expect(results.count == 80)
          #expect(results.allSatisfy { $0 == expected })
        }
      }
    }

    /// Features must not depend on which other images share a batch.
    @Test(arguments: [FusedConvolution.Algorithm.direct, .winograd])
    func anImageDoesNotSeeItsBatch(_ algorithm: FusedConvolution.Algorithm) {
      var geometry = ConvolutionGeometry.samples[1]
      geometry.batch = 5
      let trial = Trial(
        Case(geometry: geometry, addsToOutput: false, rectifies: true, algorithm: algorithm))
      if isWide { #expect(trial.convolution.usesWinograd == (algorithm == .winograd)) }
      let perImage = geometry.inputCount / geometry.batch
      let image = Array(trial.input[0..<perImage])
      var results: [[Float]] = []
      for position in 0..<geometry.batch {
        var input = noise(geometry.inputCount, seed: UInt64(90 + position))
        input.replaceSubrange(position * perImage..<(position + 1) * perImage, with: image)
        let output = trial.run(input: input, in: WorkerContext())
        let size = geometry.outputCount / geometry.batch
        results.append(Array(output[position * size..<(position + 1) * size]))
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  /// One convolution with its operands, row-major on the outside.
  private struct Trial: Sendable {
    let sample: OneDNNFusedConvolutionTests.Case
    let input: [Float]
    let weights: [Float]
    let bias: [Float]
    let before: [Float]
    let convolution: FusedConvolution

    init(_ sample: OneDNNFusedConvolutionTests.Case) {
      let geometry = sample.geometry
      self.sample = sample
      input = noise(geometry.inputCount, seed: 1)
      weights = noise(geometry.weightCount, seed: 2)
      bias = noise(geometry.outputChannels, seed: 3)
      before = noise(geometry.outputCount, seed: 4)
      convolution = FusedConvolution(
        geometry, weights: .floats(weights), bias: bias,
        input: ActivationFormat(geometry.inputChannels == 3 ? .plain : .blocked),
        output: ActivationFormat(.blocked),
        options: .init(
          sum: sample.addsToOutput ? 1 : nil, rectifies: sample.rectifies,
          algorithm: sample.algorithm))
    }

    func expected() -> [Double] {
      var shape = sample.geometry.plainShape
      var output = [Double](repeating: 0, count: sample.geometry.outputCount)
      vitrine_convolution_forward_double(
        &shape, doubles(input), doubles(weights), doubles(bias), &output)
      if sample.addsToOutput { output = zip(output, before).map { $0 + Double($1) } }
      return sample.rectifies ? output.map { max($0, 0) } : output
    }

    func run(input: [Float]? = nil, in context: WorkerContext) -> [Float] {
      let geometry = sample.geometry
      let source = AlignedBuffer(floats: count(geometry.inputShape))
      let target = AlignedBuffer(floats: count(geometry.outputShape))
      if geometry.inputChannels == 3 {
        source.floats.update(from: input ?? self.input, count: geometry.inputCount)
      } else {
        Activations.block(
          input ?? self.input, shape: geometry.inputShape, into: source.floats, in: context)
      }
      Activations.block(before, shape: geometry.outputShape, into: target.floats, in: context)
      convolution.bind(input: source.bytes, output: target.bytes, in: context).run()
      var output = [Float](repeating: .nan, count: geometry.outputCount)
      Activations.unblock(
        target.floats, shape: geometry.outputShape, into: &output, in: context)
      withExtendedLifetime((source, target)) {}
      return output
    }

    private func count(_ shape: [Int]) -> Int {
      Activations.count(batch: shape[0], channels: shape[1], height: shape[2], width: shape[3])
    }
  }

  /// Runs `body` on several threads at once and waits for all of them.
  private func concurrently(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    DispatchQueue.concurrentPerform(iterations: count) { _ in body() }
  }
#endif
