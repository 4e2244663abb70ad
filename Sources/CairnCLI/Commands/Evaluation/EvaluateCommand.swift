import ArgumentParser

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure how well search and recognition do on photos with known answers.",
        subcommands: [
            EvaluateFoldersCommand.self, EvaluateBenchmarkCommand<ListsName>.self, EvaluateRecognitionCommand.self,
            EvaluateBenchmarkCommand<RevisitedOxfordName>.self, EvaluateBenchmarkCommand<RevisitedParisName>.self,
            EvaluateBenchmarkCommand<OxfordName>.self, EvaluateBenchmarkCommand<ParisName>.self,
            EvaluateLandmarkRetrievalCommand.self, EvaluateLandmarkRecognitionCommand.self,
            EvaluateBenchmarkCommand<DIGIXName>.self, EvaluateBenchmarkCommand<UKBenchName>.self,
            EvaluateBenchmarkCommand<HolidaysName>.self, EvaluateBenchmarkCommand<MarketName>.self,
        ])
}
