/// Secrets that have no prefix of their own, known by the name that stands beside them.
struct BesideName: Sendable {
    let shape: RedactionShape
    let issuer: String
    /// Parts of the name, in small letters without `_`, `-` and `.`; any of them will do.
    let words: [String]
    let form: TokenPattern

    init(_ shape: RedactionShape, _ issuer: StaticString, _ words: [String], _ form: StaticString) {
        self.shape = shape
        self.issuer = issuer.description
        self.words = words
        self.form = TokenPattern(form, isWhole: true)
    }

    /// More telling rows come first. Whatever no row tells is a ``RedactionShape/namedSecret``.
    static let all: [BesideName] = [
        BesideName("aws-secret-key", "Amazon Web Services, secret access key", ["aws", "secretaccesskey", "amazon"], "[A-Za-z0-9+/]{40}"),
        BesideName(
            "aws-session-token", "Amazon Web Services, session token", ["awssession", "sessiontoken", "securitytoken"], "[A-Za-z0-9+/=]{100,}"),
        BesideName(
            "gcp-client-secret", "Google, OAuth client secret of the old form", ["googleclientsecret", "gcpclientsecret"], "[A-Za-z0-9_-]{24}"),
        BesideName("azure-key", "Azure, key of a service", ["azure", "cognitive", "cosmos"], "[A-Za-z0-9+/=_~.-]{32,100}"),
        BesideName(
            "heroku-uuid", "Heroku, API key of the old form", ["heroku"],
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
        BesideName("cloudflare", "Cloudflare, API token and global key", ["cloudflare", "cfapi", "cftoken"], "[A-Za-z0-9_-]{37,40}"),
        BesideName("linode", "Linode, personal access token", ["linode"], "[0-9a-f]{64}"),
        BesideName("hetzner", "Hetzner, API token", ["hetzner", "hcloud"], "[A-Za-z0-9]{64}"),
        BesideName("vultr", "Vultr, API key", ["vultr"], "[A-Z0-9]{36}"),
        BesideName("ovh", "OVHcloud, application secret and consumer key", ["ovh"], "[A-Za-z0-9]{32}"),
        BesideName("fastly", "Fastly, API token", ["fastly"], "[A-Za-z0-9_-]{32}"),
        BesideName("alibaba-secret", "Alibaba Cloud, AccessKey secret", ["alibaba", "aliyun", "alicloud"], "[A-Za-z0-9]{30}"),
        BesideName("tencent-secret-key", "Tencent Cloud, SecretKey", ["tencent"], "[A-Za-z0-9]{32}"),
        BesideName("mistral", "Mistral, API key", ["mistral"], "[A-Za-z0-9]{32}"),
        BesideName("cohere", "Cohere, API key", ["cohere"], "[A-Za-z0-9]{40}"),
        BesideName("deepgram", "Deepgram, API key", ["deepgram"], "[0-9a-f]{40}"),
        BesideName("elevenlabs", "ElevenLabs, API key", ["elevenlabs", "xikey"], "(sk_)?[0-9a-f]{32,48}"),
        BesideName("together", "Together AI, API key", ["together"], "[0-9a-f]{64}"),
        BesideName("datadog", "Datadog, API and application key", ["datadog", "ddapi", "ddapp"], "[0-9a-f]{32,40}"),
        BesideName("rollbar", "Rollbar, access token", ["rollbar"], "[0-9a-f]{32}"),
        BesideName("honeycomb", "Honeycomb, API key", ["honeycomb"], "[A-Za-z0-9]{22,64}"),
        BesideName("bugsnag", "BugSnag, API key", ["bugsnag"], "[0-9a-f]{32}"),
        BesideName("pagerduty-key", "PagerDuty, integration key", ["pagerduty", "routingkey"], "[0-9a-zA-Z]{20,32}"),
        BesideName("opsgenie", "Opsgenie, API key", ["opsgenie"], "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        BesideName("algolia", "Algolia, admin key", ["algolia"], "[0-9a-f]{32}"),
        BesideName("twilio-auth-token", "Twilio, auth token", ["twilio"], "[0-9a-f]{32}"),
        BesideName("postmark", "Postmark, server token", ["postmark"], "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        BesideName("discord", "Discord, client secret", ["discord"], "[A-Za-z0-9_-]{32}"),
        BesideName("facebook", "Facebook, app secret", ["facebook", "fbapp", "fbsecret"], "[0-9a-f]{32}"),
        BesideName("twitter", "X and Twitter, keys and secrets", ["twitter", "consumersecret"], "[A-Za-z0-9%-]{25,120}"),
        BesideName("linkedin", "LinkedIn, client secret", ["linkedin"], "[A-Za-z0-9+/=_.]{16,40}"),
        BesideName("spotify", "Spotify, client secret", ["spotify"], "[0-9a-f]{32}"),
        BesideName("asana", "Asana, access token", ["asana"], "[0-9a-f/:]{32,80}"),
        BesideName("trello", "Trello, API key and token", ["trello"], "[0-9a-f]{32,64}"),
        BesideName("zendesk", "Zendesk, API token", ["zendesk"], "[A-Za-z0-9]{40}"),
        BesideName("intercom", "Intercom, access token", ["intercom"], "[A-Za-z0-9+/=_]{60,80}"),
        BesideName("auth0", "Auth0, client secret", ["auth0"], "[A-Za-z0-9_-]{43,80}"),
        BesideName("okta-token", "Okta, API token", ["okta"], "00[A-Za-z0-9_-]{40}"),
        BesideName("travis", "Travis CI, API token", ["travis"], "[A-Za-z0-9_-]{20,24}"),
        BesideName("buildkite-agent", "Buildkite, agent token of the old form", ["buildkite"], "[0-9a-f]{40,50}"),
        BesideName("ngrok-authtoken", "ngrok, authtoken", ["ngrok"], "[A-Za-z0-9]{20,30}_[A-Za-z0-9]{20,24}"),
        BesideName("kraken", "Kraken and Coinbase, API secret", ["kraken", "coinbase", "binance"], "[A-Za-z0-9+/=_-]{40,100}"),
        BesideName("django-secret-key", "Django and Flask, SECRET_KEY", ["djangosecret", "flasksecret"], "[!-~]{32,80}"),
        BesideName("rails-secret-key", "Rails, secret_key_base", ["secretkeybase", "railsmaster"], "[0-9a-f]{32,128}"),
    ]

    /// The row whose words the name has and whose form the value has.
    static func row(name: String, value: Range<Int>, in bytes: UnsafeRawBufferPointer) -> BesideName? {
        all.first { row in
            row.form.matches(value, in: bytes) && row.words.contains { name.utf8.count >= $0.utf8.count && name.contains($0) }
        }
    }
}
