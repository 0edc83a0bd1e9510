#!/bin/sh
# base-images.sh FOLDER BINARY: makes local stand-ins for the base images that deploy/Dockerfile names, of this machine's files. They hold
# a shell and a few tools; `apt-get install` in them hands out the shared libraries of the packages named, so that an image lacks what its
# Dockerfile does not ask for; `swift build` hands out BINARY.
set -eu
folder=$1
binary=$2
dockerfile=$(dirname "$0")/../../deploy/Dockerfile

# Copies a file to the same place below $1, under its own name and under the one that leads to it.
put() {
    real=$(readlink -f "$2")
    name=$(readlink -f "$(dirname "$2")")/$(basename "$2")
    mkdir -p "$1$(dirname "$real")" "$1$(dirname "$name")"
    cp "$real" "$1$real"
    if [ "$real" != "$name" ]; then ln -sf "$real" "$1$name"; fi
}
libraries() { ldd "$1" | grep -oE '/[^ ]+' ; }
# dpkg knows a library by the path that it was installed to, before or after the merge of /lib into /usr/lib.
package_of() {
    for path in "$1" "$(readlink -f "$1")" "/usr$1"; do
        if name=$(dpkg -S "$path" 2>/dev/null); then echo "${name%%:*}"; return; fi
    done
}

make_base() {
    mkdir -p "$1/usr/bin" "$1/usr/lib" "$1/usr/lib64" "$1/usr/sbin" "$1/etc" "$1/var/lib/apt/lists" "$1/root" "$1/proc" "$1/sys" "$1/dev"
    mkdir -m 1777 "$1/tmp"
    for name in bin sbin lib lib64; do ln -s "usr/$name" "$1/$name"; done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
    echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
    echo 'multi on' >"$1/etc/host.conf"
    for program in sh mkdir rm cp; do
        put "$1" "$(command -v $program)"
        for library in $(libraries "$(command -v $program)"); do put "$1" "$library"; done
    done
    for library in $(libraries "$binary"); do
        package=$(package_of "$library")
        case "$package" in
            # What every Debian has. Swift's own libraries, of no package, stand for those that a release holds in itself.
            libc6 | libgcc-s1 | '') put "$1" "$library" ;;
            *) put "$1/packages/$package" "$library" ;;
        esac
    done
    for package in pkg-config libsimdjson-dev libsqlite3-dev libzstd-dev ca-certificates; do mkdir -p "$1/packages/$package"; done
    cat >"$1/usr/bin/apt-get" <<'APT'
#!/bin/sh
set -eu
[ "$1" = install ] || exit 0
shift
for package in "$@"; do
    case "$package" in
        -*) ;;
        *)
            if [ ! -d "/packages/$package" ]; then echo "E: Unable to locate package $package" >&2; exit 100; fi
            cp -a "/packages/$package/." /
            ;;
    esac
done
APT
    chmod +x "$1/usr/bin/apt-get"
}

names=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' "$dockerfile")
build=$(echo "$names" | head -n 1)
runtime=$(echo "$names" | tail -n 1)

make_base "$folder/runtime"
tar c -C "$folder/runtime" . | docker import - "$runtime" >/dev/null
mkdir "$folder/build"
cp -a "$folder/runtime/." "$folder/build/"
cp "$binary" "$folder/build/prebuilt"
if command -v strip >/dev/null; then strip -o "$folder/build/prebuilt" "$binary"; fi
cat >"$folder/build/usr/bin/swift" <<'SWIFT'
#!/bin/sh
set -eu
[ "$*" = "build -c release --static-swift-stdlib --product magenta" ]
[ -f Package.swift ]
mkdir -p .build/release
cp /prebuilt .build/release/magenta
SWIFT
chmod +x "$folder/build/usr/bin/swift"
tar c -C "$folder/build" . | docker import - "$build" >/dev/null
rm -rf "$folder"
