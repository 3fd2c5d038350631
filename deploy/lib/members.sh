# shellcheck shell=bash
# The processes of a development cluster. A member is named zk.1, mon.a, mgr.a, osd.0, …; its data are in
# $FOLDER/NAME, its log is $FOLDER/log/NAME.log, its process id is in $FOLDER/run/NAME.pid. Source console.sh and
# ports.sh first.

member_log() { printf '%s/log/%s.log' "$FOLDER" "$1"; }

# member_mark NAME - the argument by which the member's command line is told from any other.
member_mark() {
  case $1 in
    zk.*) printf '%s/%s/zoo.cfg' "$FOLDER" "$1" ;;
    *) printf '%s/%s' "$FOLDER" "$1" ;;
  esac
}

# member_pid NAME - prints the process id; fails when the member does not run. The recorded number alone proves
# nothing, because the kernel gives it to a stranger some day: the command line must carry the member's mark.
member_pid() {
  local pid
  pid=$(cat "$FOLDER/run/$1.pid" 2>/dev/null) && [[ -n $pid ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$(member_mark "$1")" || return 1
  printf '%s' "$pid"
} 2>/dev/null

member_runs() { member_pid "$1" >/dev/null; }

# launch NAME COMMAND… - starts the member in a session of its own, so that it outlives this script and its terminal. It
# inherits no file: neither the lock of lock_folder, nor one by which whoever called the script waits for its end.
launch() {
  local name=$1 pid
  shift
  rm -f "$FOLDER/run/$name.clean"
  (close_files && exec setsid -- "$@") </dev/null >>"$(member_log "$name")" 2>&1 &
  pid=$!
  printf '%s\n' "$pid" >"$FOLDER/run/$name.pid"
  # Until exec the child still has this script's command line, and would count as not running.
  local deadline=$((SECONDS + 10))
  until member_runs "$name"; do
    if [[ ! -d /proc/$pid ]] || ((SECONDS >= deadline)); then
      member_failed "$name" "ended as soon as it was started"
    fi
    sleep 0.02
  done
}

# close_files - closes all that this shell has open but the standard files, and its own script.
close_files() {
  local file
  for file in "/proc/$BASHPID/fd"/*; do
    file=${file##*/}
    ((file <= 2 || file == 255)) || exec {file}>&-
  done
}

# member_failed NAME WORDS… - an error about one member, with the end of its log.
member_failed() {
  local name=$1
  shift
  show_tail "$(member_log "$name")"
  die "$name $*; its log: $(member_log "$name")"
}

# kill_member NAME - kill -9, and waits until the kernel has buried it.
kill_member() {
  local pid
  pid=$(member_pid "$1") || die "$1 does not run"
  kill -KILL "$pid"
  wait_gone "$1" 10 || member_failed "$1" "(pid $pid) is still there 10 s after kill -9"
  rm -f "$FOLDER/run/$1.pid"
}

# stop_members SECONDS NAME… - asks all to end, and kills those that have not after SECONDS. One that ended by itself
# is marked clean: it had the time to save its data.
stop_members() {
  local bound=$1 name pid running=()
  shift
  for name; do
    pid=$(member_pid "$name") || continue
    kill -TERM "$pid" 2>/dev/null || true
    running+=("$name")
  done
  for name in "${running[@]}"; do
    if wait_gone "$name" "$bound"; then
      touch "$FOLDER/run/$name.clean"
      rm -f "$FOLDER/run/$name.pid"
    else
      say "$name did not stop within $bound s: kill -9"
      kill_member "$name"
    fi
  done
}

wait_gone() {
  local deadline=$((SECONDS + $2))
  while member_runs "$1"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# wait_until SECONDS WHAT "NAME…" CONDITION… - polls the condition; ends with an error at the deadline, or as soon as
# one of the named members is dead.
wait_until() {
  local bound=$1 what=$2 names=$3 name
  shift 3
  local deadline=$((SECONDS + bound))
  until "$@"; do
    for name in $names; do
      member_runs "$name" || member_failed "$name" "died while waiting for: $what"
    done
    if ((SECONDS >= deadline)); then
      for name in $names; do show_tail "$(member_log "$name")"; done
      die "not reached within $bound s: $what; the logs are in $FOLDER/log"
    fi
    sleep 0.1
  done
}

# need_port NAME PORT - fails when somebody listens there already. Ask only for a member that does not run.
need_port() {
  ! port_answers "$2" ||
    die "port $2, which $1 needs, is taken by another program; choose another DISTCI_CLUSTER_BASE_PORT" \
      "(find the owner with: ss -ltnp 'sport = :$2')"
}
