/// Where a value was written.
public struct YAMLMark: Sendable, Hashable, CustomStringConvertible {
    /// The file, as its reader was told.
    public var file: String
    /// Its line, from 1; `nil` for what no line says.
    public var line: Int?
    /// The column in that line, from 1, counted in Unicode scalars.
    public var column: Int?
    /// The override that put the value there, `models.0.backbone=resnet18`.
    public var override: String?

    /// Names a place.
    public init(file: String, line: Int? = nil, column: Int? = nil, override: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.override = override
    }

    /// `recipe.yaml:12:5`, with the override behind it where there is one.
    public var description: String {
        let place = ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
        return override.map { "\(place), override “\($0)”" } ?? place
    }
}
