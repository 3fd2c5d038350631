# shellcheck shell=bash
# The processes of DistCI that a script starts for itself, and takes with it when it ends. Source console.sh first; LOGS
# is the folder of their logs.

SERVER_NAMES=()
SERVER_PIDS=()

# start_server NAME COMMAND… - in a session of its own, because Ctrl-C is for the script, which then ends its servers in
# order. A script that is killed cannot: then the kernel tells them to end.
start_server() {
  local name=$1
  shift
  setsid -- setpriv --pdeathsig TERM -- "$@" </dev/null >>"$LOGS/$name.log" 2>&1 &
  SERVER_NAMES+=("$name")
  SERVER_PIDS+=("$!")
}

# stop_servers - asks all to end, and kills those that have not after 30 s.
stop_servers() {
  local pid deadline=$((SECONDS + 30))
  for pid in "${SERVER_PIDS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${SERVER_PIDS[@]}"; do
    while kill -0 "$pid" 2>/dev/null; do
      if ((SECONDS >= deadline)); then
        say "the process $pid did not end within 30 s: kill -9"
        kill -KILL "$pid" 2>/dev/null || true
        break
      fi
      sleep 0.05
    done
  done
  SERVER_NAMES=()
  SERVER_PIDS=()
}

# check_servers - fails when one has ended.
check_servers() {
  local i
  for i in "${!SERVER_PIDS[@]}"; do
    kill -0 "${SERVER_PIDS[i]}" 2>/dev/null && continue
    die "distci ${SERVER_NAMES[i]} has ended by itself; its log: $LOGS/${SERVER_NAMES[i]}.log"
  done
}

# show_servers_logs - the end of each log, for the reader of an error.
show_servers_logs() {
  local name
  for name in "${SERVER_NAMES[@]}"; do show_tail "$LOGS/$name.log"; done
}

# wait_for_servers URL - until the frontend at URL reaches both stores.
wait_for_servers() {
  local deadline=$((SECONDS + 30))
  until curl --silent --fail --max-time 5 --noproxy '*' --output /dev/null "$1/readyz"; do
    check_servers
    ((SECONDS < deadline)) || die "$1 was not ready within 30 s"
    sleep 0.1
  done
}

# stay_with_servers - until a signal; fails when one of them ends by itself.
stay_with_servers() {
  wait -n "${SERVER_PIDS[@]}" || true
  check_servers
}
