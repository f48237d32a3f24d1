/*
 * Settings: defaults, then a file, then AIC_... in the environment; each value
 * is checked when it is read, and what is wrong is named.
 */
#ifndef COMMON_CONFIG_H
#define COMMON_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_ENDPOINT_MAX 200
#define CONFIG_SHARDS_MAX   64

struct config {
#define SETTING_INT(name, hi)			int64_t name;
#define SETTING_BOOL(name, hi)			bool name;
#define SETTING_STR(name, hi)			char name[(hi) + 1];
#define SETTING(KIND, name, value, lo, hi, doc) SETTING_##KIND(name, hi)
#include "common/settings.def"
#undef SETTING
#undef SETTING_INT
#undef SETTING_BOOL
#undef SETTING_STR
};

/*
 * Fills *config from the defaults, the file (ZPL, see zconfig(3); NULL for
 * none) and the environment. A relative data_dir is relative to where the
 * process was started. auth_endpoint and analytics_endpoint that were left
 * empty become ipc:// sockets in data_dir/run; challenge_endpoints stays empty
 * then, ask config_challenge_endpoint. The number of challenge endpoints must
 * be challenge_shards. Returns 0; -1 with a sentence in error (unknown setting,
 * bad value, unreadable file, a socket path too long for a unix socket).
 */
int config_load(
    struct config *config, const char *file, char *error, size_t error_size);

/*
 * Reads the command line of a service: `-c FILE` or nothing. Anything else
 * prints the usage to standard error and returns -1. *file is NULL or points
 * into argv; AIC_CONFIG in the environment stands in for -c.
 */
int config_arguments(int argc, char **argv, const char **file);

/*
 * The endpoint of a challenge shard, 0..challenge_shards-1: of the list, or
 * data_dir/run/challenge-SHARD.sock. Empty past the end of a list.
 */
void config_challenge_endpoint(const struct config *config, int64_t shard,
    char endpoint[CONFIG_ENDPOINT_MAX + 1]);

/*
 * Makes data_dir and data_dir/run (0700) when they are missing. Returns 0, or
 * -1 with a sentence in error, also when data_dir is open to others.
 */
int config_make_directories(
    const struct config *config, char *error, size_t error_size);

#endif
