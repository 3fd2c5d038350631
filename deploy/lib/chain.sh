# shellcheck shell=bash
# What deploy/try does with a running DistCI, as a user would: commands of `distci`, shown before they run. Source
# console.sh first; DISTCI is the program, DISTCI_SERVER its server, DATA a folder, ROOT the repository.

# show COMMAND… - shows a command of distci as a user would type it, and runs it.
show() {
  printf '\n$ distci %s\n' "$*"
  "$DISTCI" "$@"
}

# make_sample - a small repository with a test, the source of the job `library`.
make_sample() {
  SAMPLE=$DATA/library.git
  rm -rf -- "$SAMPLE"
  cp -R -- "$ROOT/deploy/sample/library" "$SAMPLE"
  local git=(git -C "$SAMPLE" -c user.name=Sample -c user.email=sample@localhost -c commit.gpgSign=false)
  "${git[@]}" init --quiet --initial-branch main
  "${git[@]}" add --all
  "${git[@]}" commit --quiet --message 'A library that greets'
}

# run_chain - the library's build, and the application's that it starts.
run_chain() {
  local library application archive=library/dist/library.tar.gz
  show job apply "$ROOT/jobs"
  library=$(start_build library --parameter "repository=$SAMPLE")
  follow "$library"
  application=$(started_by "$library")
  printf '\nIt has started %s, which needs what it published.\n' "$application"
  follow "$application"
  show job list
  show artifact list "$library"
  show artifact get "$library" "$archive" --output "$DATA/library.tar.gz"
  tar -tzf "$DATA/library.tar.gz" ./run-tests >/dev/null || die "the artifact is not what was published"
}

# run_self - DistCI builds DistCI from the commit that is checked out here. What is not committed is not built.
run_self() {
  local build
  git -C "$ROOT" rev-parse --quiet --verify HEAD >/dev/null || die "--self needs a git checkout, and $ROOT is none"
  build=$(start_build distci --parameter "repository=$ROOT" --parameter "ref=$(git -C "$ROOT" rev-parse HEAD)" \
    --parameter "toolchain=$(dirname "$(command -v swift)")")
  follow "$build"
  show artifact list "$build"
}

# start_build JOB WORDS… - prints the build on standard output, and what it does on standard error.
start_build() {
  printf '\n$ distci build start %s\n' "$*" >&2
  "$DISTCI" build start "$@" --json | jq --raw-output '"\(.job)/\(.build)"'
}

# follow BUILD - reads along, and fails unless the build succeeds.
follow() {
  local verdict
  show log "$1" --follow
  verdict=$(verdict_of "$1")
  show build show "$1"
  [[ $verdict == succeeded ]] || die "$1: $verdict"
}

# verdict_of BUILD - the log ends with the last task, a moment before the build has its verdict.
verdict_of() { wait_for_field "$1" '.verdict // empty' 30 "its verdict"; }

started_by() { wait_for_field "$1" '.startedBuilds[0] // empty | "\(.job)/\(.build)"' 30 "the build that it starts"; }

# wait_for_field BUILD FILTER SECONDS WHAT - prints what the filter finds in the build, as soon as it finds something.
wait_for_field() {
  local found deadline=$((SECONDS + $3))
  until found=$("$DISTCI" build show "$1" --json | jq --raw-output "$2") && [[ -n $found ]]; do
    ((SECONDS < deadline)) || die "$1 did not have $4 within $3 s"
    sleep 0.1
  done
  printf '%s' "$found"
}
