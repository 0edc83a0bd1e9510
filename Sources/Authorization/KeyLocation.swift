/// Where an issuer has its keys: at an address that is configured, or at the one in its metadata.
struct KeyLocation: Sendable {
    let issuer: String
    let issuerAddress: WebAddress
    /// Where it is configured.
    let keysAddress: WebAddress?

    init(issuer: String, keysURL: String?) throws(AuthorizationSettingError) {
        self.issuer = issuer
        issuerAddress = try WebAddress.issuer(issuer)
        guard let keysURL else {
            keysAddress = nil
            return
        }
        let setting = "the address of the keys"
        let fix = "write the \"jwks_uri\" of the issuer, or leave it out to have it looked up"
        let address = try WebAddress.setting(setting, keysURL, allowsQuery: true, fix: fix)
        guard address.isTrustworthy else {
            throw AuthorizationSettingError(setting: setting, value: keysURL, reason: "plain http leaves this machine", fix: fix)
        }
        keysAddress = address
    }

    /// Looks the address up. A place without a document, or with somebody else's, leads to the next one; a server that is not there at all
    /// ends the search, since the other places are on it too.
    func discover(from documents: any DocumentSource) async throws -> WebAddress {
        var failure: (any Error)?
        for place in IssuerMetadata.addresses(of: issuerAddress) {
            do {
                let document = try await documents.document(at: place)
                return try IssuerMetadata.keysAddress(in: document.bytes, issuer: issuer, at: issuerAddress)
            } catch let error as IssuerMetadataError {
                failure = error
            } catch DocumentError.status(let code) {
                failure = failure ?? DocumentError.status(code)
            }
        }
        throw failure ?? IssuerMetadataError.noKeysAddress
    }
}
