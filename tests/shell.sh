# Functions that the shell tests and the bench share. To be sourced by bash.

# A port of this host on which nothing listens.
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 10000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# await SECONDS COMMAND...: looks again and again until the command succeeds.
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# The ids of a process and of all its descendants.
family() {
	local pid
	echo "$1"
	for pid in $(cat "/proc/$1"/task/*/children 2>/dev/null); do
		family "$pid"
	done
}

# member NAME: the text of a string member of the JSON on standard input.
member() {
	sed -nE "s/.*\"$1\": *\"([^\"]*)\".*/\1/p"
}
