import CairnCore

extension ImageDecoder {
    /// A part of the image in a file, as though the photo were no more: decoded so large that the part alone has the long side that
    /// the configuration allows, or all the pixels that there are. `nil` when the part lies outside of the photo.
    public func rgb(contentsOf path: String, region: PixelRegion) throws -> RGBImage? {
        guard let decoder = try enlarged(for: region, ofFileAt: path) else { return nil }
        let decoded = try decoder.decodeRGB(contentsOf: path)
        return region.pixels(of: decoded.metadata.size, in: decoded.image.size).map {
            decoded.image.cropped(columns: $0.columns, rows: $0.rows)
        }
    }

    /// The same in luma.
    public func gray(contentsOf path: String, region: PixelRegion) throws -> GrayImage? {
        guard let decoder = try enlarged(for: region, ofFileAt: path) else { return nil }
        let decoded = try decoder.decodeGray(contentsOf: path)
        return region.pixels(of: decoded.metadata.size, in: decoded.image.size).map {
            decoded.image.cropped(columns: $0.columns, rows: $0.rows)
        }
    }

    private func enlarged(for region: PixelRegion, ofFileAt path: String) throws -> ImageDecoder? {
        let size = try metadata(contentsOf: path).size
        guard region.pixels(of: size, in: size) != nil else { return nil }
        var configuration = configuration
        configuration.maximumLongSide = configuration.maximumLongSide.map { limit in
            let enlarged = Double(size.longSide) * Double(limit) / region.longSide
            return Int(min(Double(size.longSide), max(1, enlarged.rounded(.up))))
        }
        return ImageDecoder(configuration: configuration)
    }
}
