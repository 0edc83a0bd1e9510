/// A property of `\p{...}` (ECMA-262 section 22.2.1, tables 66 to 69): general categories, and the binary properties that Swift's standard
/// library answers. Scripts are not among them.
enum ScalarProperty: Sendable, Hashable {
    case category(Set<Unicode.GeneralCategory>)
    case alphabetic, uppercase, lowercase, whiteSpace, asciiHexDigit, hexDigit, identifierStart, identifierContinue, emoji, math, dash
    case ascii, any

    /// The property of this name: `Lu`, `Uppercase_Letter`, `gc=Lu`, `General_Category=Lu`, `Alphabetic`, ...
    init?(name: String) {
        var category = name[...]
        for prefix in ["General_Category=", "gc="] where category.hasPrefix(prefix) { category = category.dropFirst(prefix.count) }
        if let categories = Self.categories(named: category) {
            self = .category(categories)
            return
        }
        switch name {
        case "Alphabetic", "Alpha": self = .alphabetic
        case "Uppercase", "Upper": self = .uppercase
        case "Lowercase", "Lower": self = .lowercase
        case "White_Space", "space": self = .whiteSpace
        case "ASCII_Hex_Digit", "AHex": self = .asciiHexDigit
        case "Hex_Digit", "Hex": self = .hexDigit
        case "ID_Start", "IDS": self = .identifierStart
        case "ID_Continue", "IDC": self = .identifierContinue
        case "Emoji": self = .emoji
        case "Math": self = .math
        case "Dash": self = .dash
        case "ASCII": self = .ascii
        case "Any": self = .any
        default: return nil
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return switch self {
        case .category(let categories): categories.contains(properties.generalCategory)
        case .alphabetic: properties.isAlphabetic
        case .uppercase: properties.isUppercase
        case .lowercase: properties.isLowercase
        case .whiteSpace: properties.isWhitespace
        case .asciiHexDigit: properties.isASCIIHexDigit
        case .hexDigit: properties.isHexDigit
        case .identifierStart: properties.isIDStart
        case .identifierContinue: properties.isIDContinue
        case .emoji: properties.isEmoji
        case .math: properties.isMath
        case .dash: properties.isDash
        case .ascii: scalar.isASCII
        case .any: true
        }
    }

    private static func categories(named name: Substring) -> Set<Unicode.GeneralCategory>? {
        switch name {
        case "L", "Letter": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]
        case "LC", "Cased_Letter": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
        case "Lu", "Uppercase_Letter": [.uppercaseLetter]
        case "Ll", "Lowercase_Letter": [.lowercaseLetter]
        case "Lt", "Titlecase_Letter": [.titlecaseLetter]
        case "Lm", "Modifier_Letter": [.modifierLetter]
        case "Lo", "Other_Letter": [.otherLetter]
        case "M", "Mark", "Combining_Mark": [.nonspacingMark, .spacingMark, .enclosingMark]
        case "Mn", "Nonspacing_Mark": [.nonspacingMark]
        case "Mc", "Spacing_Mark": [.spacingMark]
        case "Me", "Enclosing_Mark": [.enclosingMark]
        case "N", "Number": [.decimalNumber, .letterNumber, .otherNumber]
        case "Nd", "Decimal_Number", "digit": [.decimalNumber]
        case "Nl", "Letter_Number": [.letterNumber]
        case "No", "Other_Number": [.otherNumber]
        case "P", "Punctuation", "punct":
            [
                .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
                .otherPunctuation,
            ]
        case "Pc", "Connector_Punctuation": [.connectorPunctuation]
        case "Pd", "Dash_Punctuation": [.dashPunctuation]
        case "Ps", "Open_Punctuation": [.openPunctuation]
        case "Pe", "Close_Punctuation": [.closePunctuation]
        case "Pi", "Initial_Punctuation": [.initialPunctuation]
        case "Pf", "Final_Punctuation": [.finalPunctuation]
        case "Po", "Other_Punctuation": [.otherPunctuation]
        case "S", "Symbol": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]
        case "Sm", "Math_Symbol": [.mathSymbol]
        case "Sc", "Currency_Symbol": [.currencySymbol]
        case "Sk", "Modifier_Symbol": [.modifierSymbol]
        case "So", "Other_Symbol": [.otherSymbol]
        case "Z", "Separator": [.spaceSeparator, .lineSeparator, .paragraphSeparator]
        case "Zs", "Space_Separator": [.spaceSeparator]
        case "Zl", "Line_Separator": [.lineSeparator]
        case "Zp", "Paragraph_Separator": [.paragraphSeparator]
        case "C", "Other": [.control, .format, .surrogate, .privateUse, .unassigned]
        case "Cc", "Control", "cntrl": [.control]
        case "Cf", "Format": [.format]
        case "Co", "Private_Use": [.privateUse]
        case "Cn", "Unassigned": [.unassigned]
        default: nil
        }
    }
}
