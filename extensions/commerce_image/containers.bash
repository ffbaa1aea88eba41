# shellcheck shell=bash
# Where the containers of this checkout live, and with what settings. Sourced by engine, build and clean.
#
# Everything stands below one cache folder ($COMMERCE_CACHE, default <checkout>/.cache), so that two checkouts on one
# machine share no image, container, lock, network or address.

image_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
checkout=$(cd -- "$image_folder/../.." && pwd -P)
checkout_id=$(printf '%s' "$checkout" | sha256sum | cut -c1-8)
mkdir -p -- "${COMMERCE_CACHE:-$checkout/.cache}"
cache=$(cd -- "${COMMERCE_CACHE:-$checkout/.cache}" && pwd -P)
containers=$cache/containers
network=storefleet-$checkout_id
container_engine=${COMMERCE_CONTAINER_ENGINE:-podman}

export CONTAINERS_CONF=$containers/containers.conf
export CONTAINERS_STORAGE_CONF=$containers/storage.conf

# The checkout's own network: its address range follows from its id, since podman only avoids the ranges that are up at
# the moment of the choice and two idle checkouts would get the same one.
network_subnet() {
    local number=$((16#$checkout_id))
    printf '10.%d.%d' "$((192 + number % 64))" "$((number / 64 % 256))"
}

write_if_changed() {
    local file=$1 content
    content=$(cat)
    if [[ ! -f $file || $(<"$file") != "$content" ]]; then
        printf '%s\n' "$content" >"$file.$$"
        mv -f -- "$file.$$" "$file"
    fi
}

# podman knows by files in runroot and tmp_dir what is running, and expects them on a file system that a reboot empties.
forget_state_of_an_earlier_boot() {
    local boot
    boot=$(</proc/sys/kernel/random/boot_id)
    if [[ -f $containers/boot_id && $(<"$containers/boot_id") != "$boot" ]]; then
        rm -rf -- "$containers/run"
        mkdir -p -- "$containers/run"
    fi
    write_if_changed "$containers/boot_id" <<<"$boot"
}

# Default ulimits need CAP_SYS_RESOURCE, crun a unified cgroup hierarchy and systemd's cgroup manager a systemd: build
# machines and containers often lack all three.
configure_podman() {
    mkdir -p -- "$containers/graphroot" "$containers/run" "$containers/networks"
    forget_state_of_an_earlier_boot
    write_if_changed "$CONTAINERS_STORAGE_CONF" <<EOF
[storage]
driver = "overlay"
graphroot = "$containers/graphroot"
runroot = "$containers/run/storage"
EOF
    write_if_changed "$CONTAINERS_CONF" <<EOF
[containers]
default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "runc"
tmp_dir = "$containers/run/libpod"
[network]
network_backend = "netavark"
network_config_dir = "$containers/networks"
default_network = "$network"
EOF
    local subnet
    subnet=$(network_subnet)
    write_if_changed "$containers/networks/$network.json" <<EOF
{
  "name": "$network",
  "id": "$(printf '%s' "$network" | sha256sum | cut -c1-64)",
  "driver": "bridge",
  "network_interface": "sf-$checkout_id",
  "created": "2024-01-01T00:00:00Z",
  "subnets": [{"subnet": "$subnet.0/24", "gateway": "$subnet.1"}],
  "ipv6_enabled": false,
  "internal": false,
  "dns_enabled": false,
  "ipam_options": {"driver": "host-local"}
}
EOF
}

case $container_engine in
    podman) configure_podman ;;
    docker) ;;
    *)
        printf 'COMMERCE_CONTAINER_ENGINE is podman or docker, not %s\n' "$container_engine" >&2
        exit 2
        ;;
esac
