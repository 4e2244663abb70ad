import Foundation

/// What the machine is, in a line, for those who read figures measured on it.
public enum MachineDescription {
    /// The processor's name, its cores, and memory.
    public static var text: String {
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = processors.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":").dropFirst().first.map { $0.trimmingCharacters(in: .whitespaces) }
        let information = ProcessInfo.processInfo
        let cores = information.activeProcessorCount
        let memory = Double(information.physicalMemory) / Double(1 << 30)
        return "\(name ?? "unknown processor"), \(cores) \(cores == 1 ? "core" : "cores"), \(Int(memory.rounded())) GiB"
    }
}
