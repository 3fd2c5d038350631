# shellcheck shell=bash
# Debian packages that a deploy script needs. Source console.sh first.

# need_packages NAME… - installs those that are missing; costs nothing and needs no right when none is.
need_packages() {
  local missing=() package
  for package; do
    package_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  command -v apt-get >/dev/null ||
    die "these Debian packages are missing and there is no apt-get to install them: ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  # Another apt may hold the lock, for instance right after a machine was created: wait for it.
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o DPkg::Lock::Timeout=300)
  as_root "${apt[@]}" update >&2 || say "apt-get update failed; trying with the package lists at hand"
  as_root "${apt[@]}" install --no-install-recommends "${missing[@]}" >&2 ||
    die "apt-get could not install: ${missing[*]}"
}

package_installed() {
  dpkg-query --show --showformat='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "root is needed for: $*"
  fi
}
