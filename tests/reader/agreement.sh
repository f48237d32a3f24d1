#!/usr/bin/env bash
#
# Checks that the oracle finds exactly one reading in every challenge that the
# sampler draws, and that its value is the sampler's answer: by its own grammar
# alone; with the default pack read on top of it, which must add no reading; with
# words of a pack that neither knew before; and in minimal pairs.
#
#   tests/reader/agreement.sh SAMPLER ORACLE [COUNT [SEED]]
#
# SAMPLER is challenge-svc, ORACLE the oracle; COUNT challenges of each level
# (4000) are drawn from SEED (1). Prints what the oracle counted; fails on any
# disagreement, and when it did not see them all.

set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 4 ]; then
	echo "usage: $0 SAMPLER ORACLE [COUNT [SEED]]" >&2
	exit 2
fi
sampler=$1
oracle=$2
count=${3:-4000}
seed=${4:-1}
top=$(cd "$(dirname "$0")/../.." && pwd)
status=0

# check WHAT LINES SAMPLER-OPTIONS... -- ORACLE-OPTIONS...
check() {
	local what=$1 lines=$2 options=() result
	shift 2
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	result=$("$sampler" --sample "$count" --level easy,medium,hard \
	    --seed "$seed" --answers "${options[@]}" |
	    "$oracle" "$@" --lines) || true
	echo "$what: $result"
	[[ $result =~ ^([0-9]+)\ agreed,\ 0\ disagreed$ ]] &&
	    [ "${BASH_REMATCH[1]}" -ge "$lines" ] || status=1
}

check "default pack" $((3 * count)) --
check "default pack, its phrases as rules too" $((3 * count)) -- \
    --pack "$top/challenge-svc/packs/default.pack"
check "a pack of one's own" $((3 * count)) --packs "$top/deploy/packs" -- \
    --pack "$top/deploy/packs/example.pack"
count=$((count < 10000 ? (count + 99) / 100 : 100))
check "minimal pairs" $((count * 100)) --pairs --
exit $status
