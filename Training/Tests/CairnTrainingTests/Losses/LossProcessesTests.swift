import CairnNN
import CairnTorch
import Foundation
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct LossProcessesTests {
    /// Two processes played one after the other: what each hands out is noted first, and given to both in a second pass.
    private final class Rehearsal {
        var handedOut: [[TorchTensor]] = [[], []]
        private var call = 0

        func noting(_ rank: Int) -> LossProcesses {
            LossProcesses(rank: rank, count: 2) { tensor in
                self.handedOut[rank].append(tensor)
                return [tensor, tensor]
            }
        }

        func giving(_ rank: Int) -> LossProcesses {
            call = 0
            return LossProcesses(rank: rank, count: 2) { _ in
                defer { self.call += 1 }
                return [self.handedOut[0][self.call], self.handedOut[1][self.call]]
            }
        }
    }

    private static let labels = [0, 1, 2, 0, 0, 1, 2]
    private static let weights: [Float] = [1, 0.5, 1, 2, 1, 1, 1]
    private static let rows = (0..<28).map { sin(1.3 * Double($0) + 0.2) }

    private func input(_ range: Range<Int>, _ processes: LossProcesses) throws -> LossInput {
        LossInput(
            embeddings: try leaf(Array(Self.rows[range.lowerBound * 4..<range.upperBound * 4]), [range.count, 4]),
            labels: Array(Self.labels[range]), weights: Array(Self.weights[range]), processes: processes,
            photosPerProcess: 3.5)
    }

    private func source() -> GivenParameters {
        let source = GivenParameters(["weight": (0..<12).map { cos(2.1 * Double($0)) }])
        source.phase.isTraining = true
        return source
    }

    private func loss(_ settings: TrainingLoss, _ source: GivenParameters) throws -> any Loss {
        try settings.makeLoss(LossContext(parameters: Parameters(source), classCounts: [3, 2, 2], dimensions: 4))
    }

    private static let settings: [TrainingLoss] = {
        var dynamic = TrainingLoss(standard: .adaCos)
        dynamic.scaleRule = .dynamic
        var hard = TrainingLoss(standard: .batchHardTriplet)
        hard.margin = 1.5
        return [
            dynamic, hard, TrainingLoss(standard: .curricularFace), TrainingLoss(standard: .listwiseAP),
            TrainingLoss(standard: .cosFace),
        ]
    }()

    @Test(
        "The mean over two processes with 4 and 3 photos is the loss of all 7 in one, and so are gradients and state",
        arguments: settings)
    func together(settings: TrainingLoss) throws {
        let whole = source()
        var all = try input(0..<7, .alone)
        all.photosPerProcess = nil
        let alone = try loss(settings, whole)
        let expected = try alone(all)
        try expected.total.backward()

        let rehearsal = Rehearsal()
        let ranges = [0..<4, 4..<7]
        for rank in 0..<2 {
            let loss = try loss(settings, source())
            _ = try loss(input(ranges[rank], rehearsal.noting(rank)))
        }
        var (losses, rows): ([Double], [Double]) = ([], [])
        var weight = [Double](repeating: 0, count: 12)
        for rank in 0..<2 {
            let own = source()
            let part = try input(ranges[rank], rehearsal.giving(rank))
            let loss = try loss(settings, own)
            let value = try loss(part)
            try value.total.backward()
            losses.append(try value.total.item())
            rows += try part.embeddings.gradientValues.map { $0 / 2 }
            for (index, slope) in try (own.tensors["weight"]?.gradientValues ?? []).enumerated() {
                weight[index] += slope / 2
            }
            for name in ["t", "scale"] {
                guard let state = own.tensors[name], let same = whole.tensors[name], !state.requiresGradient else {
                    continue
                }
                #expect(abs(try state.item() - same.item()) < 1e-12)
            }
        }
        #expect(abs((losses[0] + losses[1]) / 2 - (try expected.total.item())) < 1e-10)
        #expect(difference(rows, try all.embeddings.gradientValues) < 1e-10)
        if settings.kind.classifies {
            #expect(difference(weight, try #require(whole.tensors["weight"]).gradientValues) < 1e-10)
        } else {
            #expect(losses[0] == losses[1])
        }
    }

    @Test("Rows of the wrong number of processes are refused")
    func wrongCount() throws {
        let processes = LossProcesses(rank: 0, count: 2) { [$0] }
        let loss = try loss(TrainingLoss(standard: .listwiseAP), source())
        let input = try input(0..<4, processes)
        #expect(throws: TrainingError.self) { try loss(input) }
    }
}
