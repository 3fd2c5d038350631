# shellcheck shell=bash
# The three ZooKeeper servers of a development cluster. Source members.sh first.

readonly ZOOKEEPER_SERVERS=(1 2 3)
readonly ZOOKEEPER_MEMBERS=(zk.1 zk.2 zk.3)

zookeeper_client_port() { printf '%d' $((BASE_PORT + $1)); }
zookeeper_quorum_port() { printf '%d' $((BASE_PORT + 10 + $1)); }
zookeeper_election_port() { printf '%d' $((BASE_PORT + 20 + $1)); }

zookeeper_url() {
  local servers=() n
  for n in "${ZOOKEEPER_SERVERS[@]}"; do servers+=("127.0.0.1:$(zookeeper_client_port "$n")"); done
  (IFS=, && printf 'zookeeper://%s/distci' "${servers[*]}")
}

zookeeper_up() {
  local n started=()
  for n in "${ZOOKEEPER_SERVERS[@]}"; do
    member_runs "zk.$n" && continue
    zookeeper_launch "$n"
    started+=("zk.$n")
  done
  ((${#started[@]} == 0)) || say "ZooKeeper: started ${started[*]}"
  wait_until 60 "a ZooKeeper quorum with one leader and two followers" "${ZOOKEEPER_MEMBERS[*]}" zookeeper_healthy
  say "ZooKeeper: quorum of three"
}

# Starts one server and waits until it serves, or, where the others are too few for a quorum, until it listens.
zookeeper_start() {
  zookeeper_launch "$1"
  if (($(zookeeper_running) >= 2)); then
    wait_until 60 "zk.$1 serves in the quorum" "zk.$1" zookeeper_serves "$1"
  else
    wait_until 60 "zk.$1 listens" "zk.$1" port_answers "$(zookeeper_client_port "$1")"
    say "ZooKeeper: no quorum, because only zk.$1 runs"
  fi
}

zookeeper_running() {
  local name count=0
  for name in "${ZOOKEEPER_MEMBERS[@]}"; do member_runs "$name" && count=$((count + 1)); done
  printf '%d' "$count"
}

zookeeper_launch() {
  local home=$FOLDER/zk.$1 jars=/usr/share/java
  need_port "zk.$1" "$(zookeeper_client_port "$1")"
  need_port "zk.$1" "$(zookeeper_quorum_port "$1")"
  need_port "zk.$1" "$(zookeeper_election_port "$1")"
  zookeeper_configure "$1"
  # Debian's jar names all it needs but a logger; without slf4j-simple the log would be empty.
  # The heap grows to what is used; a queue of a hundred thousand tickets, as a bench makes it, takes most of 512 MiB.
  launch "zk.$1" java -Xms32m -Xmx1g -XX:+UseSerialGC -Djava.net.preferIPv4Stack=true \
    -Dzookeeper.jmx.log4j.disable=true -Dorg.slf4j.simpleLogger.showDateTime=true \
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS' \
    -cp "$jars/slf4j-simple.jar:$jars/zookeeper.jar" \
    org.apache.zookeeper.server.quorum.QuorumPeerMain "$home/zoo.cfg"
}

zookeeper_configure() {
  local home=$FOLDER/zk.$1 n
  mkdir -p "$home/data"
  printf '%s\n' "$1" >"$home/data/myid"
  {
    cat <<END
tickTime=500
initLimit=20
syncLimit=10
dataDir=$home/data
clientPort=$(zookeeper_client_port "$1")
clientPortAddress=127.0.0.1
maxClientCnxns=0
admin.enableServer=false
4lw.commands.whitelist=*
autopurge.snapRetainCount=3
autopurge.purgeInterval=1
END
    for n in "${ZOOKEEPER_SERVERS[@]}"; do
      printf 'server.%d=127.0.0.1:%d:%d\n' "$n" "$(zookeeper_quorum_port "$n")" "$(zookeeper_election_port "$n")"
    done
  } >"$home/zoo.cfg"
}

# zookeeper_mode N - leader or follower; nothing while the server is not part of a quorum.
zookeeper_mode() {
  # The script of the inner shell is a constant; its variables are its own.
  # shellcheck disable=SC2016
  timeout 2 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf srvr >&3 && cat <&3' _ \
    "$(zookeeper_client_port "$1")" 2>/dev/null | sed -n 's/^Mode: //p'
}

zookeeper_serves() { [[ -n $(zookeeper_mode "$1") ]]; }

zookeeper_healthy() {
  local n modes=''
  for n in "${ZOOKEEPER_SERVERS[@]}"; do modes+="$(zookeeper_mode "$n") "; done
  case $modes in
    'leader follower follower ' | 'follower leader follower ' | 'follower follower leader ') ;;
    *) return 1 ;;
  esac
}
