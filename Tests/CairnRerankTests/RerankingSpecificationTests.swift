import CairnAlgebra
import Foundation
import Testing

@testable import CairnRerank

@Suite("Writing re-ranking down")
struct RerankingSpecificationTests {
    private func message(_ text: String) -> String {
        do {
            _ = try RerankingSpecification.parse(text)
            return "accepted"
        } catch {
            #expect((error as? RerankError)?.kind == .invalidArgument)
            return "\(error)"
        }
    }

    @Test("methods come in their order, with what was set and the defaults of the rest")
    func line() throws {
        let pipeline = try RerankingSpecification.parse(" dba : k = 20 , weights=alpha ; alphaqe:alpha=5e0\n")
        var (augmentation, expansion) = (DatabaseAugmentation(), AlphaQueryExpansion())
        (augmentation.k, augmentation.weights, expansion.alpha) = (20, .alpha, 5)
        #expect(pipeline.methods.count == 2)
        #expect(pipeline.methods[0] as? DatabaseAugmentation == augmentation)
        #expect(pipeline.methods[1] as? AlphaQueryExpansion == expansion)
        #expect(RerankingSpecification.text(of: pipeline) == "dba:k=20,weights=alpha;alphaqe:alpha=5")
    }

    @Test("every method is written with its defaults and reads back")
    func defaults() throws {
        for method in RerankingSpecification.methods where method != LearnedMatchReranking.self {
            let line = RerankingSpecification.defaults(of: method)
            let pipeline = try RerankingSpecification.parse(line)
            #expect(RerankingSpecification.text(of: pipeline) == method.name, "\(line)")
            #expect(method.name == method.name.lowercased() && !method.summary.isEmpty)
        }
        #expect(Set(RerankingSpecification.methods.map { $0.name }).count == RerankingSpecification.methods.count)
        #expect(RerankingSpecification.defaults(of: AlphaQueryExpansion.self) == "alphaqe:alpha=3,n=50")
    }

    @Test("every preset is what it stands for, alone or among methods", arguments: RerankingPreset.allCases)
    func presets(preset: RerankingPreset) throws {
        let plain = try RerankingSpecification.text(of: RerankingSpecification.parse(preset.specification))
        #expect(try RerankingSpecification.text(of: RerankingSpecification.parse(preset.rawValue)) == plain)
        let both = try RerankingSpecification.parse("dba:k=3; \(preset.rawValue)")
        #expect(RerankingSpecification.text(of: both) == "dba:k=3;" + plain)
        #expect(message(preset.rawValue + ":n=3").contains("takes no settings"))
    }

    @Test("JSON says the same")
    func json() throws {
        let json = """
            [{"method": "dba", "k": 20, "weights": "log"}, {"method": "match", "model": "2024", "n": 5.0}, {"method": "aqe"}]
            """
        let pipeline = try RerankingSpecification.parse(json: Data(json.utf8))
        #expect(RerankingSpecification.text(of: pipeline) == "dba:k=20,weights=log;match:model=2024,n=5;aqe")
    }

    @Test(
        "JSON that is none, or no list of methods, is refused",
        arguments: [
            "", "[", "{}", "[]", "[1]", "null", "\"dba\"", "[{}]", "[{\"method\": 3}]",
            "[{\"method\": \"dba\", \"k\": null}]",
            "[{\"method\": \"dba\", \"k\": [10]}]", "[{\"method\": \"dba\", \"k\": \"10\"}]",
            "[{\"method\": \"dba\", \"k\": true}]", "[{\"method\": \"dba\", \"k\": 1e400}]",
            "[{\"method\": \"dba\", \"k\": 2.5}]", "[{\"method\": \"dba\", \"K\": 2}]", "[{\"method\": \"\"}]",
            "[[[[[[[[", "[{\"method\": \"dba\", \"k\": 1e18}]", "\u{0}\u{0}", "[{\"method\": \"aqe\"},]x",
        ])
    func hostileJSON(text: String) {
        #expect(throws: RerankError.self) { try RerankingSpecification.parse(json: Data(text.utf8)) }
    }

    @Test("what is unknown is named, with what there is")
    func unknown() {
        #expect(message("dbaa").contains("“dbaa”; there are aqe, alphaqe"))
        #expect(message("dba:m=3").contains("no setting “m”; it has alpha, decades, k, weights"))
        #expect(message("dba:weights=square").contains("must be one of linear, uniform, alpha, log"))
        #expect(message("DBA").contains("no re-ranking method “DBA”"))
    }

    @Test(
        "numbers that make no sense are refused, with their setting",
        arguments: [
            "n=0", "n=-1", "n=1.5", "n=1e18", "n=1e19", "n=1e400", "n=nan", "n=NaN", "n=inf", "n=-inf", "n=0x10",
            "n=ten", "n=1_000", "n=١", "n=true", "alpha=nan", "alpha=-0.1", "alpha=1e9", "alpha=three", "n=1 0",
            "n=1000001", "n=9223372036854775807", "n=-9223372036854775808",
        ])
    func numbers(setting: String) {
        let found = message("alphaqe:" + setting)
        #expect(found.contains("“\(setting.prefix { $0 != "=" })” of alphaqe"), "\(found)")
    }

    @Test(
        "text that is no list of methods is refused",
        arguments: [
            "", " ", ";", "aqe;", ";aqe", "aqe;;aqe", "aqe:", "aqe:n", "aqe:n=", "aqe:=5", "aqe:n=5,", "aqe:,n=5",
            "aqe:n=5,n=5", "aqe:n=5;aqe:n=5,n=6", "aqe n=5", ":", "=", "aqe=5", "aqe:n==5", "aqe:n=5:n=6", "\u{0}",
            "aqe\u{0}", "aqe:n=5\u{0}", "💥", "../../etc/passwd", "%s%n", "aqe:N=5", "match", "match:model=", "@x",
        ])
    func hostile(text: String) {
        #expect(message(text) != "accepted")
    }

    @Test("an error repeats neither long text nor control characters")
    func echo() {
        let found = message(String(repeating: "x", count: 100_000) + "\u{1B}[31m")
        #expect(found.count < 700)
        #expect(!message("a\u{1B}[31mb").contains("\u{1B}"))
        #expect(message("aqe:\(String(repeating: "k", count: 9_999))=1").count < 300)
        #expect(message("aqe:n=\(String(repeating: "9", count: 9_999))").count < 300)
    }
}
