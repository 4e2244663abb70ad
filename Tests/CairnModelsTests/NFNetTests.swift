import CairnModels
import CairnNN
import Testing

@Suite("NFNet")
struct NFNetTests {
    private static let networks: [String: NFNetConfiguration] = ["dm_nfnet_f0": .f0, "nfnet_l0": .l0]

    @Test("asks for the names and shapes of timm's state dicts", arguments: ["dm_nfnet_f0", "nfnet_l0"])
    func names(_ name: String) throws {
        let configuration = try #require(Self.networks[name])
        let actual = try BackboneProbe.names { try NFNet($0, configuration: configuration, classes: 1000) }
        #expect(try ParameterNames.committed("nfnet")[name] == actual)
    }

    @Test("makes maps of 1/32 of the size, rounded up")
    func shapes() throws {
        let f0 = try BackboneProbe.shapes([2, 3, 192, 256]) { try NFNet($0, configuration: .f0, classes: 4) }
        #expect(f0.features == [2, 3072, 6, 8])
        #expect(f0.logits == [2, 4])
        for (name, channels) in [("dm_nfnet_f0", 3072), ("nfnet_l0", 2304)] {
            let configuration = try #require(Self.networks[name])
            let odd = try BackboneProbe.shapes([1, 3, 97, 131]) {
                try NFNet($0, configuration: configuration, classes: 4)
            }
            #expect(odd.features == [1, channels, 4, 5])
        }
    }

    @Test("refuses a configuration whose stages have no widths")
    func configuration() {
        var configuration = NFNetConfiguration.f0
        configuration.widths = [256]
        #expect(throws: NetworkError.self) {
            try NFNet(Parameters(ShapeParameters()), configuration: configuration)
        }
    }

    @Test("gives timm's numbers with seeded weights", arguments: ["dm_nfnet_narrow", "nfnet_light_narrow"])
    func parity(_ name: String) throws {
        var configuration: NFNetConfiguration = name == "dm_nfnet_narrow" ? .f0 : .l0
        configuration.depths = [1, 2, 2, 1]
        configuration.widths = [256, 256, 512, 512]
        configuration.features = 768
        let errors = try BackboneProbe.errors(ModelGolden.named(name)) {
            try NFNet($0, configuration: configuration, classes: 10)
        }
        #expect(errors.count == 3)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }
}
