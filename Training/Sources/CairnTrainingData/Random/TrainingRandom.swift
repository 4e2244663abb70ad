#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Random numbers that are a function of what they are for: equal paths below equal seeds give equal streams on every machine.
///
/// SplitMix64 (Steele, Lea and Flood, “Fast Splittable Pseudorandom Number Generators”, OOPSLA 2014). The standard library's
/// distributions are not used, as their algorithms may change, and with them what a resumed run sees.
public struct TrainingRandom: Sendable, Hashable {
    /// What a stream is for, so that two uses of one position never share numbers.
    public enum Purpose: UInt64, Sendable {
        /// The order of an epoch's photos.
        case order = 1
        /// The changes of a photo.
        case photo
        /// The mixing of a photo with another.
        case mixing
        /// What takes the place of an unreadable photo.
        case replacement
        /// Which classes are held out from training.
        case holdOut
        /// Which photos tuples are looked for among.
        case mining
    }

    private var state: UInt64

    /// The stream for a purpose at a place below a seed, such as an epoch and a position in it.
    public init(seed: UInt64, _ purpose: Purpose, _ path: Int...) {
        var mixed = Self.mix(seed ^ Self.mix(purpose.rawValue))
        for part in path { mixed = Self.mix(mixed ^ Self.mix(UInt64(bitPattern: Int64(part)) &+ Self.increment)) }
        state = mixed
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    /// Uniform in [0, 1), 53 bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform between two numbers.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    /// Uniform among `0 ..< count`; the bias is below `count / 2^64`. Traps on a count that is not positive.
    public mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "a random number below \(count)")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// True with this probability. Takes one number whatever the probability is.
    public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// Shuffles in place: Fisher and Yates.
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(last, below(last + 1)) }
    }

    /// From a Beta distribution whose parameters are both `parameter`, by two Gamma variates.
    public mutating func symmetricBeta(_ parameter: Double) -> Double {
        let (a, b) = (gamma(parameter), gamma(parameter))
        // Parameters near 0 give two zeros now and then: the distribution's own limit is a fair coin.
        return a + b > 0 ? a / (a + b) : (chance(0.5) ? 1 : 0)
    }

    /// Marsaglia and Tsang, “A Simple Method for Generating Gamma Variables”, ACM TOMS 2000, with their boost below 1.
    private mutating func gamma(_ shape: Double) -> Double {
        guard shape >= 1 else { return gamma(shape + 1) * pow(1 - unit(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard v > 0 else { continue }
            if log(1 - unit()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }

    /// Box and Muller; the second of each pair is not kept, so that the state is one number.
    private mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
    }
}
