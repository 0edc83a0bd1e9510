/// Tokens of messaging, mail, payment, office and monitoring services.
enum ServiceShapes {
    static let all: [CredentialShape] = messaging + payments + offices + operations

    private static let messaging: [CredentialShape] = [
        CredentialShape(
            .slack, "Slack, tokens", "xoxb-[A-Za-z0-9-]{10,255}", "xoxp-[A-Za-z0-9-]{10,255}", "xoxa-[A-Za-z0-9-]{10,255}",
            "xoxr-[A-Za-z0-9-]{10,255}", "xoxs-[A-Za-z0-9-]{10,255}", "xoxc-[A-Za-z0-9-]{10,255}", "xoxd-[A-Za-z0-9%_-]{10,400}",
            #"xoxe\.xox[bp]{1}-[A-Za-z0-9-]{10,255}"#, "xoxe-[A-Za-z0-9-]{10,255}", "xapp-[A-Za-z0-9-]{10,255}", demand: .digit),
        CredentialShape(
            "slack-webhook", "Slack, incoming webhook", #"hooks\.slack\.com/services/[A-Za-z0-9]{8,14}/[A-Za-z0-9]{8,14}/[A-Za-z0-9]{20,32}"#,
            #"hooks\.slack\.com/workflows/[A-Za-z0-9]{8,14}/[A-Za-z0-9]{8,14}/[0-9]{10,24}/[A-Za-z0-9]{20,32}"#,
            #"hooks\.slack\.com/triggers/[A-Za-z0-9]{8,14}/[0-9]{10,24}/[A-Za-z0-9]{20,40}"#, keepsLiteral: true),
        CredentialShape(
            "discord-webhook", "Discord, webhook", #"discord\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"#,
            #"discordapp\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"#, demand: .random, keepsLiteral: true),
        CredentialShape(
            "teams-webhook", "Microsoft Teams, incoming webhook",
            #"webhook\.office\.com/webhookb2/[0-9a-f@-]{73}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}(/V2[A-Za-z0-9_-]{20,60})?"#, keepsLiteral: true
        ),
        CredentialShape("telegram", "Telegram, bot token", "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", "bot[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
        CredentialShape("twilio", "Twilio, API key and account SID", "SK[0-9a-f]{32}", "AC[0-9a-f]{32}"),
        CredentialShape("sendgrid", "SendGrid, API key", #"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"#),
        CredentialShape("mailgun", "Mailgun, API key", "key-[0-9a-f]{32}"),
        CredentialShape("mailchimp", "Mailchimp, API key", "[0-9a-f]{32}-us[0-9]{1,2}", demand: .varied),
        CredentialShape("brevo", "Brevo, API and SMTP key", "xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}", "xsmtpsib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
        CredentialShape("resend", "Resend, API key", "re_[A-Za-z0-9]{8,10}_[A-Za-z0-9]{20,28}"),
    ]

    private static let payments: [CredentialShape] = [
        CredentialShape(
            .stripe, "Stripe, secret and restricted key", "sk_live_[A-Za-z0-9]{16,255}", "sk_test_[A-Za-z0-9]{16,255}",
            "rk_live_[A-Za-z0-9]{16,255}", "rk_test_[A-Za-z0-9]{16,255}", demand: .varied),
        CredentialShape("stripe-webhook", "Stripe and Svix, webhook secret", "whsec_[A-Za-z0-9+/]{24,64}(=)?(=)?"),
        CredentialShape(
            "square", "Square, access token and application secret", "EAAA[A-Za-z0-9_-]{60}", "sq0atp-[A-Za-z0-9_-]{22}",
            "sq0csp-[A-Za-z0-9_-]{43}", demand: .random),
        CredentialShape(
            "braintree", "PayPal Braintree, access token", #"access_token\$production\$[a-z0-9]{16}\$[0-9a-f]{32}"#,
            #"access_token\$sandbox\$[a-z0-9]{16}\$[0-9a-f]{32}"#),
        CredentialShape(
            "shopify", "Shopify, access tokens and shared secret", "shpat_[0-9a-fA-F]{32}", "shpca_[0-9a-fA-F]{32}", "shppa_[0-9a-fA-F]{32}",
            "shpss_[0-9a-fA-F]{32}", "shptka_[0-9a-fA-F]{32}"),
        CredentialShape("flutterwave", "Flutterwave, secret key", "FLWSECK-[0-9a-zA-Z]{32}-X", "FLWSECK_TEST-[0-9a-zA-Z]{32}-X", demand: .random),
        CredentialShape("razorpay", "Razorpay, key id", "rzp_live_[A-Za-z0-9]{14}", "rzp_test_[A-Za-z0-9]{14}"),
        CredentialShape(
            "plaid", "Plaid, access token", "access-production-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "access-sandbox-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ]

    private static let offices: [CredentialShape] = [
        CredentialShape("linear", "Linear, API key and OAuth token", "lin_api_[A-Za-z0-9]{32,48}", "lin_oauth_[0-9a-f]{64}"),
        CredentialShape("notion", "Notion, integration token", "secret_[A-Za-z0-9]{43}", "ntn_[A-Za-z0-9]{40,50}", demand: .random),
        CredentialShape("figma", "Figma, personal access token", "figd_[A-Za-z0-9_-]{38,60}"),
        CredentialShape("airtable", "Airtable, personal access token", #"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"#),
        CredentialShape(
            "hubspot", "HubSpot, private app token", "pat-na1-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "pat-eu1-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        CredentialShape("contentful", "Contentful, management token", "CFPAT-[A-Za-z0-9_-]{43}"),
        CredentialShape("typeform", "Typeform, personal access token", "tfp_[A-Za-z0-9_.-]{40,64}"),
        CredentialShape("easypost", "EasyPost, API key", "EZAK[A-Za-z0-9]{54}", "EZTK[A-Za-z0-9]{54}"),
        CredentialShape("mapbox", "Mapbox, secret token", #"sk\.eyJ[A-Za-z0-9_-]{60,200}\.[A-Za-z0-9_-]{20,24}"#),
        CredentialShape(
            "onepassword", "1Password, service account token and secret key", "ops_eyJ[A-Za-z0-9+/=_-]{100,1024}",
            "A3-[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}", "A3-[A-Z0-9]{6}-[A-Z0-9]{11}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
            demand: .varied),
    ]

    private static let operations: [CredentialShape] = [
        CredentialShape(
            "newrelic", "New Relic, user, licence and insert key", "NRAK-[A-Z0-9]{27}", "NRJS-[0-9a-f]{19}", "NRII-[A-Za-z0-9_-]{32}",
            "NRRA-[0-9a-f]{42}", "[0-9a-f]{36}NRAL"),
        CredentialShape(
            "grafana", "Grafana, service account and cloud token", "glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}", "glc_eyJ[A-Za-z0-9+/=]{40,400}",
            demand: .varied),
        CredentialShape(
            "sentry", "Sentry, organisation and user token", "sntrys_eyJ[A-Za-z0-9+/=_-]{60,400}", "sntryu_[0-9a-f]{64}", "sntrya_[0-9a-f]{64}",
            demand: .varied),
        CredentialShape("dynatrace", "Dynatrace, API token", #"dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}"#, #"dt0s16\.[A-Z0-9]{8}\.[A-Z0-9]{64}"#),
        CredentialShape("pagerduty", "PagerDuty, REST API key", #"u\+[A-Za-z0-9_+-]{18}"#, #"pdus\+[A-Za-z0-9_+-]{16,40}"#, demand: .random),
        CredentialShape(
            "doppler", "Doppler, tokens", #"dp\.pt\.[A-Za-z0-9]{40,44}"#, #"dp\.st\.[a-z0-9_-]{2,35}\.[A-Za-z0-9]{40,44}"#,
            #"dp\.st\.[A-Za-z0-9]{40,44}"#, #"dp\.ct\.[A-Za-z0-9]{40,44}"#, #"dp\.sa\.[A-Za-z0-9]{40,44}"#, #"dp\.scim\.[A-Za-z0-9]{40,44}"#,
            #"dp\.audit\.[A-Za-z0-9]{40,44}"#),
        CredentialShape(
            "vault", "HashiCorp Vault, tokens", #"hvs\.[A-Za-z0-9_-]{20,300}"#, #"hvb\.[A-Za-z0-9_-]{100,300}"#, #"hvr\.[A-Za-z0-9_-]{20,300}"#,
            demand: .random),
        CredentialShape("infisical", "Infisical, service token", #"st\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32}"#),
        CredentialShape("ngrok", "ngrok, API key", "ak_[A-Za-z0-9]{27}", demand: .random),
        CredentialShape("okta", "Okta, API token", "SSWS 00[A-Za-z0-9_-]{40}"),
        CredentialShape(
            "launchdarkly", "LaunchDarkly, API and SDK key", "api-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "sdk-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        CredentialShape("prefect", "Prefect, API key", "pnu_[A-Za-z0-9]{36}"),
        CredentialShape("posthog", "PostHog, personal API key", "phx_[A-Za-z0-9]{40,60}"),
        CredentialShape("confluent", "Confluent, API secret", "cflt[A-Za-z0-9+/]{60}"),
        CredentialShape("age", "age, secret key", "AGE-SECRET-KEY-1[A-Z0-9]{58}", "AGE-SECRET-KEY-PQ-1[A-Z0-9]{58,120}"),
        CredentialShape(.magenta, "magenta, token made by `magenta token create`", "mgt_[A-Za-z0-9_-]{43,128}", demand: .varied),
        CredentialShape(
            "password-hash", "crypt(3), hashed password", #"\$2a\$[0-9]{2}\$[./A-Za-z0-9]{53}"#, #"\$2b\$[0-9]{2}\$[./A-Za-z0-9]{53}"#,
            #"\$2y\$[0-9]{2}\$[./A-Za-z0-9]{53}"#, #"\$6\$(rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}"#,
            #"\$5\$(rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}"#, #"\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"#,
            #"\$y\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}"#,
            #"\$argon2id\$v=[0-9]{1,3}\$m=[0-9,tp=]{5,30}\$[A-Za-z0-9+/]{10,90}\$[A-Za-z0-9+/]{20,90}"#, demand: .random),
    ]
}
