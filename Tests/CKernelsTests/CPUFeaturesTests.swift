import CKernels
import Testing

@Suite("CPU features")
struct CPUFeaturesTests {
    func names(capacity: Int) -> (text: String, length: Int) {
        var text = [CChar](repeating: 88, count: capacity + 1)
        let length = cairn_cpu_feature_names(&text, capacity)
        #expect(text[capacity] == 88, "text runs over its end")
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return (String(decoding: bytes, as: UTF8.self), length)
    }

    @Test("Names are one word for each feature bit, and are cut where they do not fit")
    func featureNames() {
        let whole = names(capacity: 256)
        #expect(whole.text.utf8.count == whole.length)
        #expect(whole.text.split(separator: " ").count == cairn_cpu_features().nonzeroBitCount)
        guard whole.length > 3 else { return }
        #expect(names(capacity: 4).text == whole.text.prefix(3))
        #expect(names(capacity: 4).length == whole.length)
        #expect(cairn_cpu_feature_names(nil, 0) == whole.length)
    }

    @Test("The best instruction set is one that is there, and an absent one is replaced by it")
    func resolution() {
        let best = cairn_isa_resolve(.best)
        #expect(best != .best && cairn_isa_available(best))
        for wanted: cairn_isa in [.plain, .avx2, .avx512, .amx] {
            #expect(cairn_isa_resolve(wanted) == (cairn_isa_available(wanted) ? wanted : best))
        }
        #expect(cairn_isa_resolve(.plain) == .plain)
    }

    #if arch(x86_64)
        @Test("Every x86-64 has SSE2")
        func sse2() {
            #expect(names(capacity: 256).text.split(separator: " ").contains("sse2"))
        }
    #endif

    @Test("Instruction sets have names")
    func isaNames() {
        let all: [cairn_isa] = [.best, .plain, .avx2, .avx512, .amx]
        #expect(all.map { String(cString: cairn_isa_name($0)) } == ["best", "plain", "avx2", "avx512", "amx"])
    }
}
