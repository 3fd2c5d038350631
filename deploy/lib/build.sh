# shellcheck shell=bash
# Building DistCI. Source console.sh and packages.sh first; ROOT is the repository.

readonly SWIFT_MINIMUM=6.3

# need_build_packages - what the build links, what a worker runs, and what the scripts need to talk to a server.
need_build_packages() {
  need_packages libzookeeper-mt-dev librados-dev libsqlite3-dev git libarchive-tools util-linux curl jq
}

# need_swift - fails with a remedy when there is no Swift toolchain that can build this.
need_swift() {
  local version
  command -v swift >/dev/null ||
    die "there is no 'swift' on the PATH; install Swift $SWIFT_MINIMUM or later: https://www.swift.org/install/linux/"
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p')
  [[ $(printf '%s\n' "$SWIFT_MINIMUM" "$version" | sort --version-sort | head -n 1) == "$SWIFT_MINIMUM" ]] ||
    die "Swift $SWIFT_MINIMUM or later is needed, this is ${version:-unknown}: $(command -v swift)"
}

# build_distci - builds the program and its runner; prints the program's path.
build_distci() {
  say "building distci (the first time takes a few minutes)"
  swift build --package-path "$ROOT" --product distci >&2 || die "distci could not be built"
  printf '%s/distci' "$(swift build --package-path "$ROOT" --show-bin-path)"
}
