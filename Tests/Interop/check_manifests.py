"""Checks deploy/'s manifests where no cluster is: what a schema cannot know. Needs PyYAML.

    check_manifests.py kubernetes FILE      probes, families, users, the token's way in
    check_manifests.py compose FILE FILE... that the variants differ from the first only in how they are reached

Prints a line for each thing that is wrong.
"""
import sys

import yaml


def kubernetes(path):
    with open(path) as file:
        documents = {document["kind"]: document for document in yaml.safe_load_all(file)}
    if sorted(documents) != ["PersistentVolumeClaim", "Service", "StatefulSet"]:
        yield f"kinds are {sorted(documents)}: one claim, one Service and one StatefulSet, and no Secret with a token in it"
        return
    service, workload = documents["Service"]["spec"], documents["StatefulSet"]["spec"]
    pod = workload["template"]["spec"]
    container = pod["containers"][0]
    labels = workload["template"]["metadata"]["labels"]
    if service.get("ipFamilyPolicy") != "PreferDualStack" or "ipFamilies" in service:
        yield "the Service does not take both families where there are two, and the one where there is one"
    if not service["selector"].items() <= labels.items() or workload["selector"]["matchLabels"] != service["selector"]:
        yield "the Service or the StatefulSet selects other pods than those that are made"
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    if [(port["port"], ports.get(port["targetPort"])) for port in service["ports"]] != [(8000, 8000)]:
        yield "the Service's port is not the container's 8000"
    if workload["replicas"] != 1:
        yield "more than one replica on one SQLite file"
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        request = container.get(probe, {}).get("httpGet", {})
        if request.get("path") != "/health" or request.get("port") not in ports or "host" in request or "httpHeaders" in request:
            yield f"{probe} is no plain GET of /health on the container's port"
    security = {**pod["securityContext"], **container["securityContext"]}
    wanted = {
        "runAsNonRoot": True, "readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    for key, value in wanted.items():
        if security.get(key) != value:
            yield f"{key} is {security.get(key)}"
    if not security.get("runAsUser") or security.get("fsGroup") != security.get("runAsGroup"):
        yield "the user is root, or the volume is not the group's"
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    mounts = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
    if mounts["/data"].get("persistentVolumeClaim", {}).get("claimName") != documents["PersistentVolumeClaim"]["metadata"]["name"]:
        yield "/data is not on the claim"
    settings = {variable["name"]: variable.get("value") for variable in container["env"]}
    place, _, name = (settings.get("MAGENTA_TOKEN_FILE") or "").rpartition("/")
    if "secret" not in mounts.get(place, {}) or not name:
        yield "MAGENTA_TOKEN_FILE does not lie in a mounted Secret"
    if settings.get("MAGENTA_NO_AUTH"):
        yield "anybody may ask"


def compose(first, *variants):
    network = {"networks", "ports", "network_mode"}

    def read(path):
        with open(path) as file:
            return yaml.safe_load(file)

    def beside(file, name):
        service = {key: value for key, value in file["services"][name].items() if key not in network}
        reached = {"MAGENTA_LISTEN", "NO_PROXY", "no_proxy"}
        service["environment"] = {key: value for key, value in service["environment"].items() if key not in reached}
        return service

    main = read(first)
    for path in variants:
        variant = read(path)
        for name in sorted(main["services"].keys() | variant["services"].keys()):
            if beside(main, name) != beside(variant, name):
                yield f"{path}: {name} differs from {first} in more than how it is reached"
        if (main["volumes"], main["secrets"]) != (variant["volumes"], variant["secrets"]):
            yield f"{path}: volumes or secrets differ from {first}"


found = list({"kubernetes": kubernetes, "compose": compose}[sys.argv[1]](*sys.argv[2:]))
print("\n".join(found))
sys.exit(1 if found else 0)
