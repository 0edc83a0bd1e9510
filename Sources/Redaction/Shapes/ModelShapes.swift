/// Keys of language models and of machine learning services.
enum ModelShapes {
    static let all: [CredentialShape] = [
        CredentialShape(.anthropic, "Anthropic, API, admin and OAuth keys", "sk-ant-[A-Za-z0-9_-]{20,200}"),
        CredentialShape("openrouter", "OpenRouter, API key", "sk-or-v1-[0-9a-f]{64}"),
        CredentialShape("hugging-face", "Hugging Face, user and organisation token", "hf_[A-Za-z0-9]{34}", "api_org_[A-Za-z0-9]{34}"),
        CredentialShape("groq", "Groq, API key", "gsk_[A-Za-z0-9]{48,56}"),
        CredentialShape("perplexity", "Perplexity, API key", "pplx-[A-Za-z0-9]{48,56}"),
        CredentialShape("replicate", "Replicate, API token", "r8_[A-Za-z0-9]{37,40}"),
        CredentialShape("xai", "xAI, API key", "xai-[A-Za-z0-9]{70,84}"),
        CredentialShape("fireworks", "Fireworks AI, API key", "fw_[A-Za-z0-9]{20,26}"),
        CredentialShape("cerebras", "Cerebras, API key", "csk-[a-z0-9]{40,60}"),
        CredentialShape("nvidia", "NVIDIA, API key", "nvapi-[A-Za-z0-9_-]{60,70}"),
        CredentialShape("langchain", "LangSmith, API key", "lsv2_pt_[0-9a-f]{32}_[0-9a-f]{10}", "lsv2_sk_[0-9a-f]{32}_[0-9a-f]{10}"),
        CredentialShape("langfuse", "Langfuse, secret key", "sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        CredentialShape("tavily", "Tavily, API key", "tvly-[A-Za-z0-9]{24,40}", "tvly-dev-[A-Za-z0-9]{24,40}"),
        CredentialShape("pinecone", "Pinecone, API key", "pcsk_[A-Za-z0-9_]{60,80}"),
        CredentialShape("databricks", "Databricks, access token", "dapi[0-9a-f]{32}(-[0-9]{1,2})?", "dose[0-9a-f]{32}", "dkea[0-9a-f]{32}"),
        CredentialShape("e2b", "E2B, API key", "e2b_[0-9a-f]{40}"),
        CredentialShape("apify", "Apify, API token", "apify_api_[A-Za-z0-9]{30,40}"),
    ]
}
