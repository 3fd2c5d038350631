# shellcheck shell=bash
# Making the Ceph cluster of a development cluster: configuration, keys, stores, pool. Goes with ceph.sh.

readonly CEPH_PLACEMENT_GROUPS=32

# ceph_create - from nothing to running daemons with a pool. A half-made cluster of an earlier try is thrown away.
ceph_create() {
  local id n store stores=()
  say "Ceph: creating the cluster ($OBJECT_STORE)"
  ceph_down
  ceph_erase
  id=$(cat /proc/sys/kernel/random/uuid)
  ceph_configure "$id"
  ceph_make_keys
  ceph_make_monitor "$id"
  ceph_launch mon.a
  for n in "${CEPH_OSDS[@]}"; do
    ceph_make_osd "$n" &
    stores+=("$!")
  done
  ceph_define_osds_and_pool
  ceph_launch mgr.a
  for store in "${stores[@]}"; do wait "$store" || die "the OSD stores could not be made"; done
  for n in "${CEPH_OSDS[@]}"; do ceph_launch "osd.$n"; done
  printf '%s\n' "$id" >"$FOLDER/ceph.created"
}

ceph_erase() {
  local name
  rm -f "$FOLDER/ceph.created" "$FOLDER/ceph.conf" "$FOLDER"/*.keyring "$FOLDER/monmap"
  for name in "${CEPH_MEMBERS[@]}"; do rm -rf "${FOLDER:?}/$name"; done
}

# ceph_osd_lost NAME - true when the OSD's store cannot be used again. memstore keeps objects in memory and saves them
# only when it is stopped in order; after kill -9 its folder holds nothing, or worse, an old state.
ceph_osd_lost() { [[ $OBJECT_STORE == memstore && ! -e $FOLDER/run/$1.clean ]]; }

# ceph_objects_lost - true where every memstore OSD died by force: no copy of any object is left, and the placement
# groups would wait for one for ever. Only a new Ceph cluster helps.
ceph_objects_lost() {
  local name
  for name in "${CEPH_OSD_MEMBERS[@]}"; do
    if member_runs "$name" || ! ceph_osd_lost "$name"; then return 1; fi
  done
}

# ceph_make_osd N - an empty store. Its identity stays the one that the monitor knows, so that a store made anew is
# taken for the same OSD, and is filled again from the others.
ceph_make_osd() {
  local home=$FOLDER/osd.$1
  say "Ceph: making the store of osd.$1"
  rm -rf "$home"
  mkdir -p "$home"
  cp "$FOLDER/osd.$1.keyring" "$home/keyring"
  ceph-osd --mkfs --no-mon-config --conf "$FOLDER/ceph.conf" --id "$1" --osd-data "$home" \
    --osd-uuid "$(ceph_osd_uuid "$1")" >>"$(member_log "osd.$1")" 2>&1 </dev/null ||
    member_failed "osd.$1" "could not make its store"
  touch "$FOLDER/run/osd.$1.clean"
}

# A fixed identity serves: it has to be unique within one cluster only.
ceph_osd_uuid() { printf '00000000-0000-4000-8000-%012d' "$1"; }

# All keys go into one bootstrap keyring, which the monitor imports when it is made, and into one file for each owner.
ceph_make_keys() {
  local n
  (
    umask 077
    ceph_make_key mon. --cap mon 'allow *'
    ceph_make_key client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' --cap mds 'allow *'
    ceph_make_key mgr.a --cap mon 'allow profile mgr' --cap osd 'allow *' --cap mds 'allow *'
    for n in "${CEPH_OSDS[@]}"; do
      ceph_make_key "osd.$n" --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *'
    done
    ceph_make_key "$CEPH_CLIENT" --cap mon 'allow r' --cap osd "allow rwx pool=$CEPH_POOL"
    mkdir -p "$FOLDER/mgr.a"
    cp "$FOLDER/mgr.a.keyring" "$FOLDER/mgr.a/keyring"
  )
}

ceph_make_key() {
  local file=$FOLDER/$1.keyring
  ceph-authtool "$file" --create-keyring --gen-key --name "$@" >/dev/null
  cat "$file" >>"$FOLDER/bootstrap.keyring"
}

ceph_make_monitor() {
  monmaptool --create --clobber --fsid "$1" --addv a "[v2:127.0.0.1:$(ceph_monitor_port)]" "$FOLDER/monmap" \
    >>"$(member_log mon.a)" 2>&1 || member_failed mon.a "could not make the monitor map"
  mkdir -p "$FOLDER/mon.a"
  ceph-mon --mkfs --conf "$FOLDER/ceph.conf" --id a --mon-data "$FOLDER/mon.a" --monmap "$FOLDER/monmap" \
    --keyring "$FOLDER/bootstrap.keyring" >>"$(member_log mon.a)" 2>&1 </dev/null ||
    member_failed mon.a "could not make its store"
  rm -f "$FOLDER/bootstrap.keyring" "$FOLDER/monmap"
}

# One `ceph` process for all commands: each costs half a second of processor to start.
ceph_define_osds_and_pool() {
  local n
  {
    # No disks to watch, so no pool for what would be found out about them.
    echo 'config set mgr mgr/devicehealth/enable_monitoring false --force'
    for n in "${CEPH_OSDS[@]}"; do printf 'osd new %s %d\n' "$(ceph_osd_uuid "$n")" "$n"; done
    printf 'osd pool create %s %d\n' "$CEPH_POOL" "$CEPH_PLACEMENT_GROUPS"
    printf 'osd pool application enable %s %s\n' "$CEPH_POOL" distci
  } | ceph_admin >>"$(member_log mon.a)" 2>&1 || member_failed mon.a "refused to define the OSDs and the pool"
}

# ceph_configure FSID - writes ceph.conf. It is complete: nothing is read from /etc/ceph.
ceph_configure() {
  cat >"$FOLDER/ceph.conf" <<END
# Written by deploy/dev-cluster; changes are lost.
[global]
fsid = $1
mon host = [v2:127.0.0.1:$(ceph_monitor_port)]
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
ms bind msgr1 = false
ms bind ipv6 = false
ms bind port min = $((BASE_PORT + 40))
ms bind port max = $((BASE_PORT + 99))
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = $FOLDER/run
crash dir = $FOLDER/log

osd pool default size = 3
osd pool default min size = 2
osd pool default pg num = $CEPH_PLACEMENT_GROUPS
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush initial weight = 1
# For all: the monitor too waits so long before it believes those who miss the heartbeats of an OSD.
osd heartbeat grace = 10

[client.admin]
keyring = $FOLDER/client.admin.keyring

[$CEPH_CLIENT]
keyring = $FOLDER/$CEPH_CLIENT.keyring

[mon]
log file = $FOLDER/log/\$name.log
admin socket = $FOLDER/run/\$name.asok
mon cluster log file = $FOLDER/log/cluster.log
mon allow pool delete = true
mon osd crush smoke test = false
mon data avail warn = 2
mon data avail crit = 1
# Changes of the maps go out at once, not once a second.
paxos propose interval = 0.05
paxos min wait = 0.01
mon tick interval = 1
# All OSDs live on one host, so that a host's word must not be the unit; and one that is down stays in: with three
# OSDs and three copies there is no other place for its data.
mon osd reporter subtree level = osd
mon osd min down reporters = 1
# The grace is what it says below, also for one that was slow before.
mon osd adjust heartbeat grace = false
mon osd down out interval = 31536000

[mgr]
log file = $FOLDER/log/\$name.log
admin socket = $FOLDER/run/\$name.asok
mgr tick period = 1
mgr stats period = 1
mgr initial modules =
# Those that are always on are loaded; the others cost time and have nothing to do here.
mgr disabled modules = alerts cephadm dashboard diskprediction_local influx insights iostat k8sevents localpool mds_autoscaler mirroring nfs osd_support prometheus restful rook selftest snap_schedule stats telegraf test_orchestrator zabbix

[osd]
log file = $FOLDER/log/\$name.log
admin socket = $FOLDER/run/\$name.asok
osd objectstore = $OBJECT_STORE
memstore device bytes = 4294967296
bluestore block size = 21474836480
bluestore block create = true
osd memory target = 939524096
# A stopped memstore saves its objects, but only when the OSD takes the time to unmount it.
osd fast shutdown = false
osd mon shutdown timeout = 2
osd heartbeat interval = 2
osd recovery sleep hdd = 0
osd recovery sleep hybrid = 0
osd recovery sleep ssd = 0
osd max backfills = 8
osd recovery max active = 16
END
}
