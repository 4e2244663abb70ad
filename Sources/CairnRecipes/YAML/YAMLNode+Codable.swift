import CairnCore
import Foundation

extension YAMLNode {
    /// The settings of another module with those changed that a mapping names.
    ///
    /// The type's own `Decodable` decides what is a setting. Settings are taken one at a time, so that an error knows which it was.
    func changing<Settings: Codable>(_ settings: Settings) throws -> Settings {
        var object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(settings)) as? [String: Any] ?? [:]
        var result = settings
        for (key, node) in try entries() {
            object[key] = try node.json()
            do {
                let data = try JSONSerialization.data(withJSONObject: object)
                result = try JSONDecoder().decode(Settings.self, from: data)
            } catch let error as UnknownSettingError {
                throw node.error(error.message)
            } catch let error as DecodingError {
                throw node.error("\(node.subject) cannot be \(node.tree.inWords): \(Self.reason(error))")
            }
        }
        return result
    }

    private func json() throws -> Any {
        switch tree.content {
        case .scalar(let text, let isQuoted):
            if isQuoted { return text }
            if isNull { return NSNull() }
            if let value = try? Bool(yaml: self) { return value }
            if let value = Int(text) { return value }
            return (try? Double(yaml: self)) ?? text
        case .sequence: return try items().map { try $0.json() }
        case .mapping:
            return try Dictionary(entries().map { ($0.key, try $0.value.json()) }, uniquingKeysWith: { $1 })
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(let type, _): "it is no \(type)"
        case .dataCorrupted(let context): context.debugDescription
        case .valueNotFound(let type, _): "it must be a \(type)"
        case .keyNotFound(let key, _): "“\(key.stringValue)” is missing"
        @unknown default: "it cannot be read"
        }
    }
}
