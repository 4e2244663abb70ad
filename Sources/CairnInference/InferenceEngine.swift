internal import COpenVINO
import Foundation

/// OpenVINO on this machine's processor: what reads, compiles and runs models.
///
/// The first of a process takes some ten milliseconds to make; all of them share what is behind it. One engine serves any
/// number of models and threads.
public final class InferenceEngine: Sendable {
    let core: OpenVINOHandle

    /// The devices found; models run on "CPU".
    public let devices: [String]

    /// Makes an engine. Throws `.libraryMissing` when OpenVINO is not complete.
    public init() throws(InferenceError) {
        core = try Self.shared.get()
        var list = ov_available_devices_t()
        let pointer = core.pointer
        try OpenVINOCall.exclusive(.libraryMissing, "OpenVINO's devices") {
            ov_core_get_available_devices(pointer, &list)
        }
        defer { ov_available_devices_free(&list) }
        devices = UnsafeBufferPointer(start: list.devices, count: list.devices == nil ? 0 : list.size)
            .compactMap { $0.map { String(cString: $0) } }
        guard devices.contains(Self.device) else {
            let advice = "run Scripts/bootstrap, or install Cairn again"
            throw InferenceError(.libraryMissing, "OpenVINO's CPU plugin is not beside its library; \(advice)")
        }
    }

    /// The process's one core, never freed: with the last core its plugin leaves memory, where threads that ran a model
    /// may still have destructors to call.
    private static let shared: Result<OpenVINOHandle, InferenceError> = {
        do throws(InferenceError) {
            return .success(
                try OpenVINOCall.handle(.libraryMissing, "OpenVINO did not start", free: { ov_core_free($0) }) {
                    ov_core_create($0)
                })
        } catch {
            return .failure(error)
        }
    }()

    static let device = "CPU"

    /// OpenVINO's version, as in "2026.4.1".
    public static var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version) == OK else { return "unknown" }
        defer { ov_version_free(&version) }
        guard let text = version.buildNumber.map({ String(cString: $0) }) else { return "unknown" }
        return text.split(separator: "-").first.map(String.init) ?? text
    }

    /// What OpenVINO says it can compute in: FP32, BF16, INT8 and others. Emulated kinds count too.
    public var capabilities: Set<String> {
        Set((property("OPTIMIZATION_CAPABILITIES") ?? "").split { " ,".contains($0) }.map(String.init))
    }

    /// The processor's name.
    public var processor: String { property("FULL_DEVICE_NAME") ?? "unknown" }

    /// Whether the processor multiplies brain floats itself (AMX, AVX512_BF16, Arm's BF16), so that `.bfloat16` is
    /// faster than `.float32`.
    public var hasNativeBFloat16: Bool {
        guard capabilities.contains("BF16") else { return false }
        // OpenVINO counts emulation; the kernel's list of processor features does not.
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return false }
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") } ?? ""
        return !Set(line.split(separator: " ")).isDisjoint(with: ["amx_bf16", "avx512_bf16", "bf16"])
    }

    private func property(_ key: String) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let status = ov_core_get_property(core.pointer, Self.device, key, &text)
        return status == OK ? OpenVINOCall.string(text) : nil
    }
}
