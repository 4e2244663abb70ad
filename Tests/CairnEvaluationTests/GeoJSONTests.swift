import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct GeoJSONTests {
    private func places() throws -> [MapPlace] {
        [
            try MapPlace(.query, label: "IMG_1.jpg", latitude: 48.8612, longitude: 2.2888),
            try MapPlace(.answer, label: "Tower \"A\"", latitude: 48.85837, longitude: 2.29448, probability: 0.975),
            try MapPlace(
                .evidence, label: "Tower \"A\"", latitude: -33.85, longitude: 151.2, imagePath: "/g/1.jpg",
                note: "17 inliers"),
        ]
    }

    @Test("the text is RFC 7946 with longitude first and always the same order of keys")
    func text() throws {
        let text = GeoJSON(places: try places(), connectsEvidence: true).text
        #expect(
            text == """
                {"type":"FeatureCollection","features":[
                {"type":"Feature","geometry":{"type":"Point","coordinates":[2.2888,48.8612]},"properties":\
                {"label":"IMG_1.jpg","role":"query","marker-color":"#2f6fd0"}},
                {"type":"Feature","geometry":{"type":"Point","coordinates":[2.29448,48.85837]},"properties":\
                {"label":"Tower \\"A\\"","role":"answer","probability":0.975,"marker-color":"#c8442f"}},
                {"type":"Feature","geometry":{"type":"Point","coordinates":[151.2,-33.85]},"properties":\
                {"label":"Tower \\"A\\"","role":"evidence","image":"/g/1.jpg","note":"17 inliers",\
                "marker-color":"#2f8f73"}},
                {"type":"Feature","geometry":{"type":"LineString","coordinates":[[151.2,-33.85],[2.29448,48.85837]]},\
                "properties":{"label":"Tower \\"A\\"","role":"connection","image":"/g/1.jpg","stroke":"#2f8f73"}}
                ]}

                """)
        #expect(GeoJSON(places: []).text == "{\"type\":\"FeatureCollection\",\"features\":[]}\n")
    }

    @Test("what is written is read back the same, from the text and from an encoder")
    func roundTrip() throws {
        let whole = GeoJSON(places: try places(), connectsEvidence: true)
        #expect(try JSONDecoder().decode(GeoJSON.self, from: Data(whole.text.utf8)) == whole)
        #expect(try JSONDecoder().decode(GeoJSON.self, from: JSONEncoder().encode(whole)) == whole)
    }

    @Test("a file that is no feature collection, or has a position off the Earth, is refused")
    func refusals() {
        let texts = [
            #"{"type":"Feature","features":[]}"#,
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"label":"","role":""},"#
                + #""geometry":{"type":"Point","coordinates":[10,91]}}]}"#,
            #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"label":"","role":""},"#
                + #""geometry":{"type":"Polygon","coordinates":[]}}]}"#,
        ]
        for text in texts {
            #expect(throws: (any Error).self) { try JSONDecoder().decode(GeoJSON.self, from: Data(text.utf8)) }
        }
    }

    @Test("a line over the date line is cut there, at the latitude computed by hand")
    func dateLine() throws {
        let places = [
            try MapPlace(.answer, label: "Fiji", latitude: -18.14, longitude: 178.44),
            try MapPlace(.evidence, label: "Fiji", latitude: -13.8, longitude: -171.8),
            try MapPlace(.evidence, label: "here", latitude: -18.14, longitude: 178.44),
        ]
        let features = GeoJSON(places: places, connectsEvidence: true).features
        // The photo at the answer's own spot needs no line.
        #expect(features.count == 4)
        guard case .multiLineString(let lines) = features[3].geometry else {
            Issue.record("\(features[3].geometry) is not cut")
            return
        }
        #expect(lines.map { $0.map(\.longitude) } == [[-171.8, -180], [180, 178.44]])
        // 8.2 of 9.76 degrees along: -13.8 - 8.2 / 9.76 * 4.34.
        #expect(abs(lines[0][1].latitude - -17.446311) < 1e-6)
        #expect(lines[0][1].latitude == lines[1][0].latitude)
    }

    @Test("coordinates off the Earth and impossible probabilities are refused with their value")
    func invalidPlaces() throws {
        for (latitude, longitude) in [(90.001, 0.0), (-91, 0), (0, 180.5), (0, -181), (.nan, 0), (0, .infinity)] {
            let error = #expect(throws: EvaluationError.self) {
                try MapPlace(.landmark, label: "x", latitude: latitude, longitude: longitude)
            }
            #expect(error?.kind == .invalidInput)
        }
        #expect(throws: EvaluationError.self) {
            try MapPlace(.answer, label: "x", latitude: 0, longitude: 0, probability: 1.5)
        }
        _ = try MapPlace(.landmark, label: "corner", latitude: -90, longitude: 180)
    }

    @Test("a hostile label keeps every character and hides none")
    func hostileLabel() throws {
        let name = SheetFixture.hostileName + "\n\\"
        let place = try MapPlace(.landmark, label: name, latitude: 0, longitude: -0.0)
        let text = GeoJSON(places: [place]).text
        #expect(text.contains("[0,0]"))
        #expect(try JSONDecoder().decode(GeoJSON.self, from: Data(text.utf8)).features[0].properties.label == name)
        for hidden in ["\u{01}", "\u{202E}", "\u{2028}", "\u{FFFF}"] { #expect(!text.contains(hidden)) }
    }
}
