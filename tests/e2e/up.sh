# What the tests of deploy/up share. To be sourced by bash, with $top set.

# shellcheck source=tests/shell.sh
. "$top/tests/shell.sh"
scratch=$(mktemp -d)
started=()

end_started() {
	local pid
	for pid in "${started[@]}"; do
		kill -TERM "$pid" 2>/dev/null && wait "$pid"
	done
	rm -rf "$scratch"
}
trap end_started EXIT

failed=0
complaint=

# complain WORDS: the test has failed; the first words that tell of it are kept.
complain() {
	complaint=${complaint:-${1:-something is missing, and nothing tells of it}}
}

# report NAME: the last test's result; a complaint is its failure.
report() {
	if [ -z "$complaint" ]; then
		echo "[       OK ] $1"
	else
		echo "[  FAILED  ] $1: $complaint"
		failed=$((failed + 1))
	fi
	complaint=
}

# start NAME PORT [VARIABLE=VALUE ...]: deploy/up with a directory of its own;
# $up is its process. A job of a script ignores SIGINT unless told otherwise.
start() {
	local name=$1 port=$2
	shift 2
	: >"$scratch/$name.out"
	env --default-signal=INT AIC_DATA_DIR="$scratch/$name" \
	    AIC_HTTP_LISTEN="127.0.0.1:$port" AIC_GATEWAY_WORKERS=1 "$@" \
	    "$top/deploy/up" >"$scratch/$name.out" 2>"$scratch/$name.err" &
	up=$!
	started+=("$up")
}

ready_or_gone() {
	grep -q '^aiCAPTCHA is ready at ' "$scratch/$1.out" || ! kill -0 "$up"
}

await_ready() {
	await 60 ready_or_gone "$1" 2>/dev/null
	grep -q '^aiCAPTCHA is ready at ' "$scratch/$1.out" || {
		complain "not ready: $(tail -n 3 "$scratch/$1.err")"
		return 1
	}
}

# stop_and_look SIGNAL NAME: status 0, and nothing is left.
stop_and_look() {
	local pids pid status=0 sockets
	pids=$(family "$up")
	[ "$(wc -w <<<"$pids")" -ge 6 ] || complain "too few processes: $pids"
	kill "-$1" "$up"
	wait "$up" || status=$?
	[ $status -eq 0 ] || complain "status $status after SIG$1"
	for pid in $pids; do
		! kill -0 "$pid" 2>/dev/null || complain "process $pid is left"
	done
	sockets=$(find "$scratch/$2" -type s)
	[ -z "$sockets" ] || complain "sockets are left: $sockets"
}
