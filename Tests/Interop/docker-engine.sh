#!/bin/sh
# docker-engine.sh FOLDER: a Docker engine in a network namespace of its own, on the socket FOLDER/docker.sock, until standard input
# ends: however the tests end, nothing of it stays. Its bridges and rules stay inside its namespace, which goes with it.
set -u
place=$1
# With `ip netns exec`, /sys would be mounted anew and the engine would miss its cgroups.
unshare --net sh -c '
    echo $$ >"$1/engine.pid"
    ip link set lo up
    echo 1 >/proc/sys/net/ipv4/ip_forward
    echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
    exec dockerd -H "unix://$1/docker.sock" --data-root "$1/root" --exec-root "$1/exec" --pidfile "$1/dockerd.pid" \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/${1##*/}"
' - "$place" >"$place/engine.log" 2>&1 &
engine=$!

cat >/dev/null

export DOCKER_HOST="unix://$place/docker.sock"
for container in $(docker ps -q); do docker kill "$container" >/dev/null 2>&1; done
kill "$engine" 2>/dev/null
tries=0
while kill -0 "$engine" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -9 "$engine" 2>/dev/null
awk -v place="$place/" 'index($2, place) == 1 {print $2}' /proc/mounts | sort -r | while read -r mount; do umount "$mount"; done
find /sys/fs/cgroup -depth -type d -path "/sys/fs/cgroup*/${place##*/}*" -exec rmdir {} + 2>/dev/null
rm -rf "$place"
