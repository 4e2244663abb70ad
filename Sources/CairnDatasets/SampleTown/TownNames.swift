/// Invented proper names: three syllables and a word for the kind of building.
enum TownNames {
    private static let heads = [
        "Quen", "Bar", "Thal", "Mor", "Eld", "Fen", "Gri", "Hol", "Iv", "Jor", "Kel", "Lun", "Mar", "Nor", "Os", "Pel",
        "Rav", "Sel", "Tor", "Ul", "Var", "Wes", "Yar", "Zel", "Alb", "Bre", "Cal", "Dor", "Est", "Fal", "Gar", "Hart",
        "Ing", "Kirn", "Lor", "Mil", "Ned", "Orm", "Pris", "Rud",
    ]
    private static let middles = [
        "", "a", "e", "i", "o", "ando", "emi", "olda", "ari", "ena", "ilo", "uma", "ero", "osti", "adu", "imba",
        "etta", "ovi", "arla", "undi", "esca", "ipo", "onna", "ulti",
    ]
    private static let tails = [
        "moor", "wick", "mere", "stead", "ford", "gate", "holm", "bury", "ness", "dale", "mond", "burg", "lin", "vane",
        "thorpe", "crest", "minster", "bridge", "keld", "sund", "garth", "field", "haven", "brook", "fell", "worth",
        "stow", "combe", "march", "reth", "quay", "dun", "lock", "wold", "shaw", "tarn", "vale", "pool", "leigh",
        "cross",
    ]

    /// How many names there are.
    static let count = heads.count * middles.count * tails.count

    /// The name of a town's landmark: different indices below `count` give different names.
    static func name(_ index: Int, style: LandmarkDesign.Style, seed: UInt64) -> String {
        precondition(index >= 0 && index < count, "name \(index) of \(count)")
        // A stride without a common factor with the count (2, 3 and 5 are its primes) visits every name once.
        let start = Int(SplitMix64.mix(seed) % UInt64(count))
        let position = (index * 14_593 + start) % count
        let head = heads[position % heads.count]
        let middle = middles[position / heads.count % middles.count]
        let tail = tails[position / heads.count / middles.count]
        return "\(head)\(middle)\(tail) \(word(for: style, seed: SplitMix64.mix(seed ^ UInt64(index))))"
    }

    private static func word(for style: LandmarkDesign.Style, seed: UInt64) -> String {
        let words: [String]
        switch style {
        case .palace: words = ["Palace", "Residence", "Chancery"]
        case .church: words = ["Minster", "Church", "Abbey"]
        case .townhouses: words = ["Row", "Houses", "Terrace"]
        case .tower: words = ["Tower", "Belfry", "Watch"]
        case .gate: words = ["Gate", "Arch", "Bar"]
        case .temple: words = ["Temple", "Museum", "Glyptotheque"]
        case .works: words = ["Works", "Mill", "Brewery"]
        case .modern: words = ["House", "Block", "Exchange"]
        case .domedHall: words = ["Hall", "Rotunda", "Assembly"]
        case .castle: words = ["Castle", "Keep", "Citadel"]
        case .timbered: words = ["Inn", "Guildhall", "Toll House"]
        case .station: words = ["Station", "Terminus", "Market Hall"]
        case .pagoda: words = ["Pagoda", "Pavilion", "Tea House"]
        case .theatre: words = ["Theatre", "Playhouse", "Opera"]
        }
        return words[Int(seed % UInt64(words.count))]
    }
}
