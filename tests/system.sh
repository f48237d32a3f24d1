# A system of its own for a script: Release build, a free port, a temporary
# directory. To be sourced by bash under set -euo pipefail, with $top set.
#
# Sets $AIC_BUILD_DIR, $scratch (removed at the end, when the system has
# stopped), $base (http://...), $key and the array $pids of process ids by name:
# gateway (Kore and its workers), challenge, auth, analytics, listed in
# $processes. AIC_... settings of the environment hold for the system.

# shellcheck source=tests/shell.sh
. "$top/tests/shell.sh"

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# system_build [TARGET ...]: what runs a system, and these, unless AIC_BUILD_DIR
# names a build already.
system_build() {
	if [ -z "${AIC_BUILD_DIR-}" ]; then
		"$top/deploy/install-packages" --with-tests
		AIC_BUILD_DIR=$top/build
		cmake -S "$top" -B "$AIC_BUILD_DIR" -G Ninja -DAIC_TESTS=ON \
		    -DCMAKE_BUILD_TYPE=Release >/dev/null
		ninja -C "$AIC_BUILD_DIR" gateway gateway_module challenge-svc \
		    auth-svc analytics-svc "$@" >/dev/null
	fi
	export AIC_BUILD_DIR
}

scratch=$(mktemp -d)
up=
processes=(gateway challenge auth analytics)
declare -A pids=()

system_end() {
	if [ -n "$up" ]; then
		kill -TERM "$up" 2>/dev/null || true
		wait "$up" || true
	fi
	rm -rf "$scratch"
}
trap system_end EXIT
trap 'exit 1' INT TERM

ready_or_gone() {
	grep -q '^aiCAPTCHA is ready' "$scratch/out" || ! kill -0 "$up" 2>/dev/null
}

system_start() {
	local child name
	AIC_HTTP_LISTEN=127.0.0.1:$(free_port)
	AIC_DATA_DIR=$scratch/data
	AIC_LOG_LEVEL=${AIC_LOG_LEVEL:-warning}
	export AIC_HTTP_LISTEN AIC_DATA_DIR AIC_LOG_LEVEL
	base=http://$AIC_HTTP_LISTEN
	"$top/deploy/up" >"$scratch/out" 2>"$scratch/err" &
	up=$!
	await 60 ready_or_gone || true
	grep -q '^aiCAPTCHA is ready' "$scratch/out" || {
		cat "$scratch/err" >&2
		die "the system does not start"
	}
	for child in $(family "$up"); do
		[ "$child" != "$up" ] || continue
		name=$(tr '\0' ' ' <"/proc/$child/cmdline")
		case "$name" in
		*challenge-svc*) pids[challenge]+=" $child" ;;
		*auth-svc*) pids[auth]+=" $child" ;;
		*analytics-svc*) pids[analytics]+=" $child" ;;
		*kore* | *gateway*) pids[gateway]+=" $child" ;;
		esac
	done
}

post() {
	curl -fsS --max-time 20 -H 'Content-Type: application/json' "$@" ||
	    die "the set-up was refused"
}

# system_key LEVEL: an account, and an API key of that difficulty whose answers
# may take any time.
system_key() {
	local session
	session=$(post "$base/api/v1/auth/register" -d \
	    '{"email":"load@example.com","password":"plum-orbit-73-canyon"}' |
	    member token)
	key=$(post "$base/api/v1/api-keys" -H "Authorization: Bearer $session" \
	    -d "{\"name\":\"load\",\"difficulty\":\"$1\",\"minScore\":0}" |
	    member key)
	[ -n "$key" ] || die "there is no key"
}

# VmRSS or Pss of processes in KiB.
memory() {
	local field=$1 pid sum=0
	shift
	for pid in "$@"; do
		sum=$((sum + $(awk -v f="$field:" '$1 == f { print $2 }' \
		    "/proc/$pid/smaps_rollup")))
	done
	echo "$sum"
}
