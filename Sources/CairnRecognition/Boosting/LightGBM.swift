internal import CLightGBM
import Synchronization

/// The door to LightGBM: one call at a time, quiet, with errors in a sentence.
enum LightGBM {
    // Training sets the number of threads for the whole process, so calls do not overlap.
    private static let gate = Mutex(())

    /// Runs calls of LightGBM.
    static func run<Result: ~Copyable>(
        _ body: () throws(RecognitionError) -> sending Result
    ) throws(RecognitionError) -> Result {
        try gate.withLock { _ throws(RecognitionError) in
            // Messages go to a callback of the calling thread; without one they would land among a command's output.
            _ = LGBM_RegisterLogCallback { _ in }
            return try body()
        }
    }

    /// Throws the calling thread's last error unless `status` is 0.
    static func check(_ status: Int32, _ task: String) throws(RecognitionError) {
        guard status != 0 else { return }
        let text = LGBM_GetLastError().map { String(cString: $0) } ?? "no reason given"
        let line = text.prefix { $0 != "\n" }
        throw RecognitionError(.failure, "LightGBM could not \(task): \(line)")
    }
}

/// A trained model inside LightGBM, freed with the last reference.
///
/// Unchecked: the pointer never changes, and all calls go through `LightGBM.run`.
final class BoosterHandle: @unchecked Sendable {
    private let booster: UnsafeMutableRawPointer

    /// Takes over a booster.
    init(owning booster: UnsafeMutableRawPointer) { self.booster = booster }

    deinit { LGBM_BoosterFree(booster) }

    /// Probabilities of each class for each row: `[rows, classes]`.
    func predict(_ values: [Float], columns: Int, classes: Int, threads: Int) throws(RecognitionError) -> [Double] {
        let rows = values.count / columns
        guard rows > 0 else { return [] }
        return try LightGBM.run { () throws(RecognitionError) in
            var length: Int64 = 0
            var result = [Double](repeating: 0, count: rows * classes)
            let status = LGBM_BoosterPredictForMat(
                booster, values, Int32(CAIRN_LGBM_FLOAT32), Int32(rows), Int32(columns), 1,
                Int32(CAIRN_LGBM_PREDICT_NORMAL), 0, -1, "num_threads=\(threads) verbosity=-1", &length, &result)
            try LightGBM.check(status, "predict")
            precondition(length == result.count, "\(length) numbers predicted, not \(result.count)")
            return result
        }
    }

    /// How much each feature lowered the training loss, in all its splits.
    func gains(features: Int) throws(RecognitionError) -> [Double] {
        try LightGBM.run { () throws(RecognitionError) in
            var gains = [Double](repeating: 0, count: features)
            try LightGBM.check(
                LGBM_BoosterFeatureImportance(booster, -1, Int32(CAIRN_LGBM_IMPORTANCE_GAIN), &gains),
                "tell the importance of features")
            return gains
        }
    }

    /// Reads a model. The text must have passed `BoostingModelText`.
    static func load(_ text: BoostingModelText) throws(RecognitionError) -> BoosterHandle {
        try LightGBM.run { () throws(RecognitionError) in
            var booster: UnsafeMutableRawPointer?
            var iterations: Int32 = 0
            try LightGBM.check(LGBM_BoosterLoadModelFromString(text.text, &iterations, &booster), "read a model")
            guard let booster else { throw RecognitionError(.failure, "LightGBM read a model and gave none back") }
            let handle = BoosterHandle(owning: booster)
            var (classes, features): (Int32, Int32) = (0, 0)
            try LightGBM.check(LGBM_BoosterGetNumClasses(booster, &classes), "count classes")
            try LightGBM.check(LGBM_BoosterGetNumFeature(booster, &features), "count features")
            guard classes == text.classes, features == text.features.count else {
                throw RecognitionError(
                    .corrupted, "LightGBM sees \(classes) classes and \(features) features in a model of others")
            }
            return handle
        }
    }

    /// Trains, and gives the model as LightGBM writes it.
    static func train(
        _ values: [Float], features: [String], labels: [Float], parameters: String, rounds: Int
    ) throws(RecognitionError) -> String {
        try LightGBM.run { () throws(RecognitionError) in
            var dataset: UnsafeMutableRawPointer?
            try LightGBM.check(
                LGBM_DatasetCreateFromMat(
                    values, Int32(CAIRN_LGBM_FLOAT32), Int32(labels.count), Int32(features.count), 1, parameters, nil,
                    &dataset), "take the training set")
            defer { LGBM_DatasetFree(dataset) }
            try LightGBM.check(
                LGBM_DatasetSetField(dataset, "label", labels, Int32(labels.count), Int32(CAIRN_LGBM_FLOAT32)),
                "take the training set’s classes")
            var booster: UnsafeMutableRawPointer?
            try LightGBM.check(LGBM_BoosterCreate(dataset, parameters, &booster), "start training")
            defer { LGBM_BoosterFree(booster) }
            var finished: Int32 = 0
            for _ in 0..<rounds where finished == 0 {
                try LightGBM.check(LGBM_BoosterUpdateOneIter(booster, &finished), "train")
            }
            var capacity: Int64 = 1 << 16
            while true {
                var text = [CChar](repeating: 0, count: Int(capacity))
                var length: Int64 = 0
                try LightGBM.check(
                    LGBM_BoosterSaveModelToString(
                        booster, 0, -1, Int32(CAIRN_LGBM_IMPORTANCE_SPLIT), capacity, &length, &text), "write the model"
                )
                if length <= capacity {
                    return String(
                        decoding: text.prefix(max(0, Int(length) - 1)).map(UInt8.init(bitPattern:)), as: UTF8.self)
                }
                capacity = length
            }
        }
    }
}
