/// The algorithms of RFC 7518 section 3.1 and RFC 8037 whose keys come in two halves. `none` and the HMACs are no case of it: what a server
/// checks an HMAC with could also make one (RFC 8725 sections 2.1 and 3.1).
enum SigningAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case eddsa = "EdDSA"

    /// What a key of this algorithm has in `kty` and, for curves, in `crv`.
    var kind: (type: String, curve: String?) {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: ("RSA", nil)
        case .es256: ("EC", "P-256")
        case .es384: ("EC", "P-384")
        case .es512: ("EC", "P-521")
        case .eddsa: ("OKP", "Ed25519")
        }
    }

    /// RFC 9864 names the curve in the algorithm.
    init?(name: String) {
        self.init(rawValue: name == "Ed25519" ? "EdDSA" : name)
    }

    /// The names, for a sentence.
    static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
