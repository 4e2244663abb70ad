import CairnCore
import CairnImaging
import CairnRecipes

/// Reads a photo and does what a phase of augmentation says, at a training size.
///
/// A crop comes first wherever it is listed, as it says how much of the file must be decoded, and how large: part and size are
/// reached by one resize of the file's samples. Without one the whole photo is brought to the size. All other steps follow at the
/// training size, in their order. Of several crops the first that chance allows is taken.
public struct PhotoAugmenter: Sendable {
    /// What is done.
    public let steps: [Augmentation]
    private let decoder: ImageDecoder

    /// Makes an augmenter.
    ///
    /// - Parameters:
    ///   - steps: what is done; nothing but the resize where it is empty.
    ///   - decoder: reads photos; its limit of pixels is kept, its size is not looked at.
    public init(steps: [Augmentation], decoder: ImageDecoder = ImageDecoder()) {
        self.steps = steps
        self.decoder = decoder
    }

    /// The photo in a file, changed at random, at a size. Throws `ImagingError` when it cannot be read.
    public func photo(
        contentsOf path: String, target: PhotoTarget, _ random: inout TrainingRandom
    ) throws -> RGBImage {
        var image = try decoder.rgb(contentsOf: path) { view(of: $0, target, &random) }
        try change(&image, &random)
        return image
    }

    /// Everything but crops, at the image's own size.
    func change(_ image: inout RGBImage, _ random: inout TrainingRandom) throws {
        for step in steps where !step.kind.isCrop {
            // Drawn whether or not anything follows from it: one step's chance never moves another's numbers by itself.
            guard random.chance(step.probability) else { continue }
            try apply(step, to: &image, &random)
        }
    }

    /// The part of a photo that is decoded, and its size.
    func view(of photo: ImageSize, _ target: PhotoTarget, _ random: inout TrainingRandom) -> PhotoView {
        for step in steps where step.kind.isCrop {
            guard random.chance(step.probability) else { continue }
            if step.kind == .randomCrop {
                let size = target.cropSize
                let shortSide = step.shortSide ?? min(size.width, size.height)
                let region = CropRegions.random(photo, target: size, shortSide: shortSide, &random)
                return PhotoView(region: region, size: size)
            }
            let region = CropRegions.randomResized(
                photo, area: step.area ?? [0.08, 1], aspect: step.aspect ?? [0.75, 4.0 / 3], &random)
            let size = target.size(ofPartWithWidth: region.x1 - region.x0, height: region.y1 - region.y0)
            return PhotoView(region: region, size: size)
        }
        return PhotoView(
            wholeOf: photo,
            size: target.size(ofPartWithWidth: Double(photo.width), height: Double(photo.height)))
    }

    private func apply(_ step: Augmentation, to image: inout RGBImage, _ random: inout TrainingRandom) throws {
        let standard = Augmentation(standard: step.kind)
        func setting(_ path: KeyPath<Augmentation, Double?>) -> Double {
            step[keyPath: path] ?? standard[keyPath: path] ?? 0
        }
        switch step.kind {
        case .randomResizedCrop, .randomCrop: break
        case .horizontalFlip: image.flipHorizontally()
        case .jpegCompression:
            let range = step.quality ?? [50, 100]
            let (least, most) = (Int(range[0].rounded(.up)), Int(range[1].rounded(.down)))
            image = try image.compressedAsJPEG(quality: least + random.below(max(1, most - least + 1)))
        case .shiftScaleRotate:
            let warp = ShiftScaleRotate(
                shift: setting(\.shift), scale: setting(\.scale), rotation: setting(\.rotation), &random)
            image = warp.applied(to: image)
        case .cutout:
            for _ in 0..<(step.count ?? 1) {
                Cutout(width: image.width, height: image.height, size: setting(\.size), &random).apply(to: &image)
            }
        case .colorJitter:
            ColorJitter(
                brightness: setting(\.brightness), contrast: setting(\.contrast), saturation: setting(\.saturation),
                hue: setting(\.hue), &random
            ).apply(to: &image)
        case .grayscale: image.removeColors()
        case .blur:
            let most = setting(\.sigma)
            GaussianBlur(sigma: random.uniform(min(0.1, most), most)).apply(to: &image)
        }
    }
}

extension Augmentation.Kind {
    /// It says which part of a photo is taken.
    var isCrop: Bool { self == .randomResizedCrop || self == .randomCrop }
}
