# shellcheck shell=bash
# Messages of the deploy scripts. Standard output is kept for results, so every message goes to standard error.

# say WORDS… - one line of progress.
say() { printf '%s\n' "$*" >&2; }

# die WORDS… - an error, and the end of the script.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# show_tail FILE - the end of a log, indented, for the reader of an error.
show_tail() {
  [[ -s $1 ]] || return 0
  printf -- '--- the end of %s\n' "$1" >&2
  tail -n 15 -- "$1" | sed 's/^/    /' >&2
}
