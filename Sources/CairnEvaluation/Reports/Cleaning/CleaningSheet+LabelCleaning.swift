import Cairn

extension CleaningSheet {
    /// Shows what cleaning made of a collection's labels.
    public init(
        _ cleaning: LabelCleaning, title: String, limits: Limits = .standard,
        thumbnail: (_ path: String) throws -> SheetImage?
    ) rethrows {
        let labels = Dictionary(grouping: cleaning.images, by: \.label).map { name, images in
            func photos(_ outcome: LabelCleaning.Outcome) -> [LabelCleaning.Image] {
                images.filter { $0.outcome == outcome }
            }
            let clusters = Dictionary(grouping: photos(.kept)) { $0.newLabel ?? name }
                .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
                .map { Cluster(newClass: $0, photos: $1.map { Photo(path: $0.path) }) }
            return Label(
                name: name, clusters: clusters,
                recovered: photos(.recovered).map { Photo(path: $0.path, newClass: $0.newLabel) },
                dropped: photos(.dropped).map { Photo(path: $0.path, reason: $0.reason ?? "") })
        }
        try self.init(title: title, method: cleaning.method, labels: labels, limits: limits, thumbnail: thumbnail)
    }
}
