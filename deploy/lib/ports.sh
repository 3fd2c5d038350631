# shellcheck shell=bash
# TCP ports on loopback.

# port_answers PORT - true when somebody listens there.
port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port PORT - prints the first free port from PORT on.
free_port() {
  local port
  for ((port = $1; port < $1 + 200; port++)); do
    if ! port_answers "$port"; then
      printf '%d' "$port"
      return
    fi
  done
  die "no port from $1 to $((port - 1)) is free"
}

# free_hundred PORT - prints the first port from PORT on, in steps of a hundred, that begins a hundred free ones.
free_hundred() {
  local base port
  for ((base = $1; base < $1 + 5000; base += 100)); do
    for ((port = base; port < base + 100; port++)); do port_answers "$port" && continue 2; done
    printf '%d' "$base"
    return
  done
  die "no hundred ports from $1 to $((base - 1)) are free"
}
