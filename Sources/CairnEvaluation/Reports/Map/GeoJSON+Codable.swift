extension GeoJSON {
    private enum CodingKeys: String, CodingKey { case type, features }

    /// Reads a feature collection; members it does not know are passed over, as RFC 7946, section 6.1, wants.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try container.expect("FeatureCollection", .type)
        features = try container.decode([Feature].self, forKey: .features)
    }

    /// Writes the collection; `text` has the stable order of keys that an encoder need not keep.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("FeatureCollection", forKey: .type)
        try container.encode(features, forKey: .features)
    }
}

extension GeoJSON.Position: Codable {
    /// Reads [longitude, latitude]; an altitude after them is dropped.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let longitude = try container.decode(Double.self)
        try self.init(latitude: try container.decode(Double.self), longitude: longitude)
    }

    /// Writes [longitude, latitude].
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(longitude)
        try container.encode(latitude)
    }
}

extension GeoJSON.Geometry: Codable {
    private enum CodingKeys: String, CodingKey { case type, coordinates }

    /// Reads the three types that this module writes, and refuses others.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        switch type {
        case "Point": self = .point(try container.decode(GeoJSON.Position.self, forKey: .coordinates))
        case "LineString": self = .lineString(try container.decode([GeoJSON.Position].self, forKey: .coordinates))
        case "MultiLineString":
            self = .multiLineString(try container.decode([[GeoJSON.Position]].self, forKey: .coordinates))
        default: throw EvaluationError(.unsupported, "a GeoJSON geometry of type '\(type)' is not read here")
        }
    }

    /// Writes type and coordinates.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .point(let position):
            try container.encode("Point", forKey: .type)
            try container.encode(position, forKey: .coordinates)
        case .lineString(let positions):
            try container.encode("LineString", forKey: .type)
            try container.encode(positions, forKey: .coordinates)
        case .multiLineString(let lines):
            try container.encode("MultiLineString", forKey: .type)
            try container.encode(lines, forKey: .coordinates)
        }
    }
}

extension GeoJSON.Feature: Codable {
    private enum CodingKeys: String, CodingKey { case type, geometry, properties }

    /// Reads a feature with a geometry.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try container.expect("Feature", .type)
        geometry = try container.decode(GeoJSON.Geometry.self, forKey: .geometry)
        properties = try container.decode(GeoJSON.Properties.self, forKey: .properties)
    }

    /// Writes type, geometry and properties.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("Feature", forKey: .type)
        try container.encode(geometry, forKey: .geometry)
        try container.encode(properties, forKey: .properties)
    }
}

extension KeyedDecodingContainer {
    fileprivate func expect(_ name: String, _ key: Key) throws {
        let type = try decode(String.self, forKey: key)
        guard type == name else {
            throw EvaluationError(.invalidInput, "a GeoJSON object of type '\(type)' stands where a \(name) belongs")
        }
    }
}
