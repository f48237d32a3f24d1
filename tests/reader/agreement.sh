#!/usr/bin/env bash
#
# Checks that the oracle finds exactly one reading in every challenge that the
# sampler draws, and that its value is the sampler's answer.
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

result=$("$sampler" --sample "$count" --level easy,medium,hard \
    --seed "$seed" --answers | "$oracle" --lines) || true
echo "$result"
[ "$result" = "$((3 * count)) agreed, 0 disagreed" ]
