# shellcheck shell=bash
# The environment of every tool of this checkout. Sourced by the other scripts of this folder.
#
# All state goes below one folder, $COMMERCE_CACHE (default <checkout>/.cache): home, caches, temporary files. Only what
# the machine needs to reach its package sources is taken over from the caller (PIP_*, proxies, certificates).

checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
mkdir -p -- "${COMMERCE_CACHE:-$checkout/.cache}"
COMMERCE_CACHE=$(cd -- "${COMMERCE_CACHE:-$checkout/.cache}" && pwd -P)
venv=$COMMERCE_CACHE/venv
collections=$COMMERCE_CACHE/collections
export COMMERCE_CACHE

# With another HOME, pip would no longer see its user's own index and certificates.
if [[ -z ${PIP_CONFIG_FILE:-} && ${HOME:-} != "$COMMERCE_CACHE"/* ]]; then
    for pip_configuration in "${XDG_CONFIG_HOME:-${HOME:-}/.config}/pip/pip.conf" "${HOME:-}/.pip/pip.conf"; do
        if [[ -f $pip_configuration ]]; then
            export PIP_CONFIG_FILE=$pip_configuration
            break
        fi
    done
fi

mkdir -p -- "$COMMERCE_CACHE/home" "$COMMERCE_CACHE/tmp"
export HOME=$COMMERCE_CACHE/home
export TMPDIR=$COMMERCE_CACHE/tmp
unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
export ANSIBLE_HOME=$COMMERCE_CACHE/ansible
export ANSIBLE_CONFIG=$checkout/ansible.cfg
export ANSIBLE_COLLECTIONS_PATH=$collections
# Relative to the folder that Ansible is run in, as in ansible.cfg, which says why; this follows COMMERCE_CACHE, too.
ssh_sockets_seen_from() {
    ANSIBLE_SSH_CONTROL_PATH_DIR=$(realpath --canonicalize-missing --relative-to="$1" -- "$COMMERCE_CACHE/ssh")
    export ANSIBLE_SSH_CONTROL_PATH_DIR ANSIBLE_SSH_CONTROL_PATH="$ANSIBLE_SSH_CONTROL_PATH_DIR/%%C"
}
ssh_sockets_seen_from "$checkout"
export STOREFLEET_WHEELS=$COMMERCE_CACHE/wheels
export STOREFLEET_REPORT_DIR=$COMMERCE_CACHE/reports
export HYPOTHESIS_STORAGE_DIRECTORY=$COMMERCE_CACHE/hypothesis
export RUFF_CACHE_DIR=$COMMERCE_CACHE/ruff
# Compiled Python files would lie all over the checkout.
export PYTHONDONTWRITEBYTECODE=1
# git refuses a checkout that belongs to someone else, such as one that a CI service cloned before it became root.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$checkout
export PATH=$venv/bin:$PATH

cd -- "$checkout" || exit
