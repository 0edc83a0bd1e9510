/// Keys of clouds, hosts and networks, as their issuers document them.
enum CloudShapes {
    static let all: [CredentialShape] = [
        // The ids of long-lived and of temporary keys; the other prefixes of IAM name users, roles and groups.
        CredentialShape(
            .awsAccessKey, "Amazon Web Services, access key id", "AKIA[A-Z0-9]{16}", "ASIA[A-Z0-9]{16}", "ABIA[A-Z0-9]{16}", "ACCA[A-Z0-9]{16}",
            demand: .mixed),
        CredentialShape("aws-bedrock-key", "Amazon Bedrock, API key", "ABSK[A-Za-z0-9+/]{100,}(==)?(=)?", "bedrock-api-key-[A-Za-z0-9+/=]{40,}"),
        CredentialShape(.google, "Google, API key", "AIza[A-Za-z0-9_-]{35}"),
        CredentialShape("google-client-secret", "Google, OAuth client secret", "GOCSPX-[A-Za-z0-9_-]{28}"),
        CredentialShape("google-access-token", "Google, OAuth access token", #"ya29\.[A-Za-z0-9_-]{30,}(\.[A-Za-z0-9_-]{10,})?"#),
        CredentialShape("google-refresh-token", "Google, OAuth refresh token", "1//0[A-Za-z0-9_-]{40,200}"),
        CredentialShape(
            "azure-client-secret", "Microsoft Entra, client secret", "[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}",
            "[A-Za-z0-9_~.-]{3}7Q~[A-Za-z0-9_~.-]{31,34}"),
        CredentialShape(
            "azure-account-key", "Azure Storage, Service Bus, Event Hubs and Cosmos DB, key in a connection string",
            "AccountKey=[A-Za-z0-9+/]{86}(==)?", "SharedAccessKey=[A-Za-z0-9+/]{43}(=)?", demand: .random, keepsLiteral: true),
        CredentialShape("aws-signature", "AWS, signature of a presigned URL", "X-Amz-Signature=[0-9a-f]{64}", demand: .random, keepsLiteral: true),
        CredentialShape("azure-sas", "Azure, shared access signature", "sig=[A-Za-z0-9%+/]{40,120}(=)?", demand: .random, keepsLiteral: true),
        CredentialShape(
            "azure-devops", "Azure DevOps, personal access token", "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"),
        CredentialShape(
            "digitalocean", "DigitalOcean, personal, OAuth and refresh token", "dop_v1_[0-9a-f]{64}", "doo_v1_[0-9a-f]{64}",
            "dor_v1_[0-9a-f]{64}"),
        CredentialShape("heroku", "Heroku, API key", "HRKU-[A-Za-z0-9_-]{36,100}", demand: .digit),
        CredentialShape("alibaba-access-key", "Alibaba Cloud, AccessKey id", "LTAI[A-Za-z0-9]{12,26}"),
        CredentialShape("tencent-secret-id", "Tencent Cloud, SecretId", "AKID[A-Za-z0-9]{32}"),
        CredentialShape(
            "fly", "Fly.io, access token", "fo1_[A-Za-z0-9_-]{43}", "fm1r_[A-Za-z0-9+/=_-]{60,}", "fm1a_[A-Za-z0-9+/=_-]{60,}",
            "fm2_[A-Za-z0-9+/=_-]{60,}"),
        CredentialShape(
            "vercel", "Vercel, access token", "vcp_[A-Za-z0-9]{24,64}", "vci_[A-Za-z0-9]{24,64}", "vca_[A-Za-z0-9]{24,64}", "vcr_[A-Za-z0-9]{24,64}"),
        CredentialShape("vercel-blob", "Vercel Blob, read-write token", "vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30,50}"),
        CredentialShape("netlify", "Netlify, personal access token", "nfp_[A-Za-z0-9]{36,60}"),
        CredentialShape(
            "supabase", "Supabase, access token and secret key", "sbp_[0-9a-f]{40}", "sb_secret_[A-Za-z0-9_-]{20,60}", "sbp_v0_[0-9a-f]{40}"),
        CredentialShape(
            "planetscale", "PlanetScale, password, token and OAuth token", "pscale_pw_[A-Za-z0-9_.-]{32,64}", "pscale_tkn_[A-Za-z0-9_.-]{32,64}",
            "pscale_oauth_[A-Za-z0-9_.-]{32,64}"),
        CredentialShape("neon", "Neon, API key and role password", "napi_[A-Za-z0-9]{40,80}", "npg_[A-Za-z0-9]{12,32}", demand: .random),
        CredentialShape("render", "Render, API key", "rnd_[A-Za-z0-9]{28,48}"),
        CredentialShape("scaleway", "Scaleway, access key id", "SCW[A-Z0-9]{17}", demand: .digit),
        CredentialShape("cloudflare-origin-key", "Cloudflare, origin CA key", #"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"#),
        CredentialShape("tailscale", "Tailscale, keys", "tskey-[a-z]{3,10}-[A-Za-z0-9]{8,20}(CNTRL)?(-[A-Za-z0-9]{20,60})?", demand: .digit),
        CredentialShape(
            "yandex-cloud", "Yandex Cloud, API key and IAM token", "AQVN[A-Za-z0-9_-]{35,38}", #"t1\.[A-Z0-9a-z_-]{60,}\.[A-Z0-9a-z_-]{86}"#),
    ]
}
