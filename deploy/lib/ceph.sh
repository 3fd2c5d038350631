# shellcheck shell=bash
# The Ceph cluster of a development cluster: one monitor, one manager, three OSDs. Source members.sh first.

readonly CEPH_OSDS=(0 1 2)
readonly CEPH_OSD_MEMBERS=(osd.0 osd.1 osd.2)
readonly CEPH_MEMBERS=(mon.a mgr.a "${CEPH_OSD_MEMBERS[@]}")
readonly CEPH_POOL=distci CEPH_CLIENT=client.distci

# The caller's own cluster must not shine through.
unset CEPH_CONF CEPH_ARGS CEPH_KEYRING

ceph_url() { printf 'rados://%s?conf=%s/ceph.conf&name=%s' "$CEPH_POOL" "$FOLDER" "$CEPH_CLIENT"; }

ceph_monitor_port() { printf '%d' $((BASE_PORT + 30)); }

# ceph_admin WORDS… - the `ceph` command as the administrator; without words it reads commands, one a line.
ceph_admin() { timeout 30 ceph --conf "$FOLDER/ceph.conf" --name client.admin --connect-timeout 20 "$@"; }

ceph_up() {
  if [[ -e $FOLDER/ceph.created ]] && ceph_objects_lost; then
    say "Ceph: all OSDs were killed, and memstore kept nothing: making a new, empty cluster"
    rm -f "$FOLDER/ceph.created"
  fi
  if [[ ! -e $FOLDER/ceph.created ]]; then
    ceph_create
  else
    ceph_configure "$(cat "$FOLDER/ceph.created")"
    ceph_start_missing mon.a mgr.a "${CEPH_OSD_MEMBERS[@]}"
  fi
  say "Ceph: waiting for 3 OSDs up and in, and all placement groups active+clean"
  wait_until 120 "3 OSDs up and in, all placement groups active+clean" "${CEPH_MEMBERS[*]}" ceph_healthy
  ceph_probe
  say "Ceph: the client key writes and reads"
}

ceph_start_missing() {
  local name
  for name; do
    member_runs "$name" && continue
    ceph_launch "$name"
    say "Ceph: started $name"
  done
}

ceph_launch() {
  case $1 in
    mon.a)
      need_port mon.a "$(ceph_monitor_port)"
      ceph_launch_daemon ceph-mon mon.a --mon-data
      ;;
    mgr.a) ceph_launch_daemon ceph-mgr mgr.a --mgr-data ;;
    osd.*)
      ceph_osd_lost "$1" && ceph_make_osd "${1#osd.}"
      ceph_launch_daemon ceph-osd "$1" --osd-data
      ;;
  esac
}

# ceph_launch_daemon PROGRAM NAME OPTION - OPTION takes the member's folder, which marks its command line.
ceph_launch_daemon() { launch "$2" "$1" -f --conf "$FOLDER/ceph.conf" --id "${2#*.}" "$3" "$FOLDER/$2"; }

# ceph_start_osd N - starts it and waits until it is up and in, and its data are replicated again.
ceph_start_osd() {
  local up
  ! ceph_objects_lost ||
    die "all OSDs were killed, and memstore kept nothing; 'up' makes a new, empty Ceph cluster"
  ceph_launch "osd.$1"
  wait_until 60 "osd.$1 up and in" "mon.a osd.$1" ceph_osd_serves "$1"
  up=$(ceph_osds_running)
  if ((up == ${#CEPH_OSDS[@]})); then
    wait_until 120 "all placement groups active+clean" "${CEPH_MEMBERS[*]}" ceph_healthy
  else
    say "Ceph: osd.$1 is up and in; replication is incomplete, because $up of ${#CEPH_OSDS[@]} OSDs run"
  fi
}

ceph_osds_running() {
  local name count=0
  for name in "${CEPH_OSD_MEMBERS[@]}"; do member_runs "$name" && count=$((count + 1)); done
  printf '%d' "$count"
}

# ceph_osd_serves N - true when the process that runs now is up and in. Its address ends in its process id, and has
# to: for some seconds after kill -9 the monitor still takes the dead one for up.
ceph_osd_serves() {
  local pid
  pid=$(member_pid "osd.$1") || return 1
  ceph_admin osd dump 2>/dev/null | grep -q "^osd\.$1 up  *in .*/$pid "
}

# All OSDs, then the manager, then the monitor: an OSD says goodbye to the monitor.
ceph_down() {
  stop_members 15 "${CEPH_OSD_MEMBERS[@]}"
  stop_members 5 mgr.a
  stop_members 10 mon.a
}

# ceph_healthy - the OSD processes that run now are up and in, and all placement groups are active+clean by reports
# that are younger than the youngest OSD: the last report of before a death says the same.
ceph_healthy() {
  local name pids=()
  for name in "${CEPH_OSD_MEMBERS[@]}"; do pids+=("$(member_pid "$name")") || return 1; done
  printf 'osd dump\npg dump pgs\n' | ceph_admin 2>/dev/null |
    awk -v pids="${pids[*]}" -v least="$CEPH_PLACEMENT_GROUPS" '
      BEGIN { osds = split(pids, pid, " ") }
      /^osd\.[0-9]+ up +in / && index($0, "/" pid[substr($1, 5) + 1] " ") { up++; if ($7 > since) since = $7 }
      $1 == "PG_STAT" { for (i = 1; i <= NF; i++) column[$i] = i }
      /^[0-9]+\.[0-9a-f]+ / {
        groups++
        split($column["REPORTED"], reported, ":")
        if ($column["STATE"] ~ /^active\+clean/ && reported[1] >= since) clean++
      }
      END { exit !(up == osds && groups >= least && clean == groups) }'
}

# One real write and read with the key that the programs use.
ceph_probe() {
  local word object
  word=$(cat /proc/sys/kernel/random/uuid)
  object=dev-cluster-probe-$word
  printf '%s' "$word" | ceph_as_client put "$object" - || die "$CEPH_CLIENT cannot write to pool $CEPH_POOL"
  [[ $(ceph_as_client get "$object" -) == "$word" ]] || die "$CEPH_CLIENT cannot read back what it wrote to $CEPH_POOL"
  ceph_as_client rm "$object"
}

ceph_as_client() {
  timeout 20 rados --conf "$FOLDER/ceph.conf" --name "$CEPH_CLIENT" --pool "$CEPH_POOL" "$@"
}
