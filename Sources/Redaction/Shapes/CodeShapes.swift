/// Tokens of code hosts, build services and package registries.
enum CodeShapes {
    static let all: [CredentialShape] = [
        CredentialShape(
            .github, "GitHub, tokens", "ghp_[A-Za-z0-9]{36,255}", "gho_[A-Za-z0-9]{36,255}", "ghu_[A-Za-z0-9]{36,255}", "ghs_[A-Za-z0-9]{36,255}",
            "ghr_[A-Za-z0-9]{36,255}", demand: .varied),
        CredentialShape(
            "github-fine-grained", "GitHub, fine-grained token", "github_pat_[A-Za-z0-9]{20,}_[A-Za-z0-9]{30,}", "github_pat_[A-Za-z0-9]{40,}",
            demand: .varied),
        CredentialShape(
            .gitlab, "GitLab, personal access token", #"glpat-[A-Za-z0-9_-]{20,300}(\.[0-9a-z]{2}\.[0-9a-z]{7,12})?(\.[0-9a-z]{9})?"#),
        CredentialShape(
            "gitlab-other",
            "GitLab, deploy, runner, trigger, job, feed, mail, agent, SCIM and OAuth tokens", "gldt-[A-Za-z0-9_-]{20,64}",
            "glrt-[A-Za-z0-9_.-]{20,64}",
            "glrtr-[A-Za-z0-9_.-]{20,64}", "glptt-[0-9a-f]{40}", "glcbt-[A-Za-z0-9]{1,5}_[A-Za-z0-9_-]{20,64}", "glft-[A-Za-z0-9_-]{20,64}",
            "glimt-[A-Za-z0-9_-]{25,64}", "glagent-[A-Za-z0-9_-]{50,1024}", "glsoat-[A-Za-z0-9_-]{20,64}", "gloas-[A-Za-z0-9_-]{64}",
            "GR1348941[A-Za-z0-9_-]{20,64}", demand: .random),
        CredentialShape("bitbucket", "Bitbucket, app password and access token", "ATBB[A-Za-z0-9_=]{28,40}", "ATCTT3xFfG[A-Za-z0-9+/=_-]{100,400}"),
        CredentialShape("atlassian", "Atlassian, API token", "ATATT3[A-Za-z0-9+/=_-]{100,400}", "ATATT3[A-Za-z0-9_-]{40,99}"),
        CredentialShape(.npm, "npm, access token", "npm_[A-Za-z0-9]{36}"),
        CredentialShape("pypi", "PyPI and TestPyPI, API token", "pypi-AgE[A-Za-z0-9_-]{40,1024}", demand: .varied),
        CredentialShape("rubygems", "RubyGems, API key", "rubygems_[0-9a-f]{48}"),
        CredentialShape("crates-io", "crates.io, API token", "cio[A-Za-z0-9]{32}", demand: .random),
        CredentialShape("nuget", "NuGet, API key", "oy2[a-z0-9]{43}"),
        CredentialShape("clojars", "Clojars, deploy token", "CLOJARS_[A-Za-z0-9]{60}"),
        CredentialShape("docker-hub", "Docker Hub, access token", "dckr_pat_[A-Za-z0-9_-]{27}", "dckr_oat_[A-Za-z0-9_-]{27,40}", demand: .varied),
        CredentialShape("artifactory", "JFrog, access token and API key", "cmVmdGtu[A-Za-z0-9]{56}", "AKCp[A-Za-z0-9]{69}"),
        CredentialShape("circleci", "CircleCI, API token", "CCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}", "CCIPRJ_[A-Za-z0-9]{22}_[0-9a-f]{40}"),
        CredentialShape("buildkite", "Buildkite, API and agent token", "bkua_[0-9a-f]{40}", "bkat_[A-Za-z0-9]{40,100}", "bkct_[A-Za-z0-9_-]{40,200}"),
        CredentialShape(
            "sonar", "SonarQube and SonarCloud, tokens", "squ_[0-9a-f]{40}", "sqp_[0-9a-f]{40}", "sqa_[0-9a-f]{40}", "sqb_[0-9a-f]{40}"),
        CredentialShape("sourcegraph", "Sourcegraph, access token", "sgp_[0-9a-f]{40}", "sgp_[0-9a-f]{16}_[0-9a-f]{40}", "sgp_local_[0-9a-f]{40}"),
        CredentialShape("snyk", "Snyk, service account token", #"snyk_uat\.[0-9a-f]{8}\.[A-Za-z0-9_-]{30,}(\.[A-Za-z0-9_-]{30,})?"#),
        CredentialShape("codecov", "Codecov, global upload token", "codecov_[A-Za-z0-9_-]{32,60}"),
        CredentialShape("terraform", "HCP Terraform, API token", #"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}"#),
        CredentialShape("pulumi", "Pulumi, access token", "pul-[0-9a-f]{40}"),
        CredentialShape("postman", "Postman, API key", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
        CredentialShape("readme", "ReadMe, API key", "rdme_[a-z0-9]{70}"),
    ]
}
