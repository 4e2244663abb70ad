import CairnImaging

extension RGBImage {
    /// Left becomes right, in place.
    mutating func flipHorizontally() {
        let (width, height) = (width, height)
        pixels.withUnsafeMutableBufferPointer { pixels in
            for y in 0..<height {
                var left = y &* width &* 3
                var right = left &+ (width &- 1) &* 3
                while left < right {
                    for channel in 0..<3 {
                        let value = pixels[left &+ channel]
                        pixels[left &+ channel] = pixels[right &+ channel]
                        pixels[right &+ channel] = value
                    }
                    left &+= 3
                    right &-= 3
                }
            }
        }
    }
}
