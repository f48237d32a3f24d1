# Settings, for the scripts beside this file. To be sourced by bash, with the
# path of the settings file in AIC_CONFIG.

# setting NAME DEFAULT: its value: environment, then file, then the default.
setting() {
	local variable=AIC_${1^^} value
	value=${!variable-}
	if [ -z "$value" ]; then
		value=$(sed -nE "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" \
		    "$AIC_CONFIG" | tail -n 1 |
		    sed -E 's/^"([^"]*)".*/\1/; s/[[:space:]]*(#.*)?$//')
	fi
	echo "${value:-$2}"
}

# use_config FILE: exports it as AIC_CONFIG, with its whole path.
use_config() {
	[ -r "$1" ] || die "cannot read $1"
	AIC_CONFIG=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
	export AIC_CONFIG
}
