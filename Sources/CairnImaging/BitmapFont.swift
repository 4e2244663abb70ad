/// A fixed-width font of 5 x 8 dots for printable ASCII: enough for labels, and the same on every machine.
enum BitmapFont {
    /// Dots in a glyph's row.
    static let width = 5
    /// Rows of a glyph; the last one is for descenders.
    static let height = 8
    /// Dots from one glyph to the next.
    static let advance = 6
    /// Dots from one line to the next.
    static let lineHeight = 10

    /// Whether a dot of a character's glyph is set; characters outside ASCII show as a box.
    static func isSet(_ character: Character, column: Int, row: Int) -> Bool {
        let code = character.asciiValue.map(Int.init) ?? 127
        let glyph = (32..<127).contains(code) ? code - 32 : boxGlyph
        return glyphs[glyph * height + row] >> (width - 1 - column) & 1 == 1
    }

    private static let boxGlyph = 95

    /// A row of dots a byte, the leftmost dot in bit 4.
    private static let glyphs: [UInt8] = drawing.utf8.compactMap { digit in
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x56: digit - 0x41 + 10
        default: nil
        }
    }

    /// Eight digits of base 32 (0-9, A-V) a glyph, from the top row down; glyphs in the order of ASCII, then the box.
    private static let drawing = """
        00000000 44444040 AAA00000 AAVAVAA0 4FKE5U40 OP248J30 CIK8LID0 44000000
        24888420 84222480 04LEL400 044V4400 00000448 000E0000 00000CC0 01248G00
        EHJLPHE0 4C4444E0 EH1248V0 V2421HE0 26AIV220 VGU11HE0 68GUHHE0 V1248880
        EHHEHHE0 EHHF12C0 0CC0CC00 0CC0C480 248G8420 00V0V000 84212480 EH124040
        EHNLNGE0 EHHVHHH0 UHHUHHU0 EHGGGHE0 SIHHHIS0 VGGUGGV0 VGGUGGG0 EHGNHHF0
        HHHVHHH0 E44444E0 72222IC0 HIKOKIH0 GGGGGGV0 HRLLHHH0 HHPLJHH0 EHHHHHE0
        UHHUGGG0 EHHHLID0 UHHUKIH0 FGGE11U0 V4444440 HHHHHHE0 HHHHHA40 HHHLLLA0
        HHA4AHH0 HHHA4440 V1248GV0 E88888E0 0G842100 E22222E0 4AH00000 0000000V
        84000000 00E1FHF0 GGMPHHU0 00EGGHE0 11DJHHF0 00EHVGE0 698S8880 00FHHF1E
        GGMPHHH0 40C444E0 206222IC GGIKOKI0 C44444E0 00QLLHH0 00MPHHH0 00EHHHE0
        00UHHUGG 00FHHF11 00MPGGG0 00FGE1U0 88S88960 00HHHJD0 00HHHA40 00HHLLA0
        00HA4AH0 00HHHF1E 00V248V0 24484420 44444440 84424480 008L2000 VHHHHHV0
        """
}
