import ArgumentParser
import CairnInference
import CairnModelLibrary

/// How networks are run.
struct RuntimeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Arithmetic of networks: auto, float32 or bfloat16.",
            discussion: "auto is bfloat16 where the processor has it.", valueName: "name"))
    var precision: ModelRuntime.Precision = .automatic

    func runtime(_ goal: InferenceConfiguration.Goal) throws -> ModelRuntime {
        try ModelRuntime(precision: precision, goal: goal)
    }
}

extension ModelRuntime.Precision: ExpressibleByArgument {}
