/*
 * Reading the keys of the bus; see bus.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/endpoint.h"
#include "gateway/bus.h"

static int
load_server(struct bus_keys *keys, const struct config *config, size_t index,
    const char *endpoint, const char *name, char *error, size_t error_size)
{
	if (!endpoint_is_tcp(endpoint))
		return 0;
	keys->used = true;
	return curve_load_public(
	    config->curve_dir, name, keys->servers[index], error, error_size);
}

static int
load_servers(struct bus_keys *keys, const struct config *config, char *error,
    size_t error_size)
{
	const size_t shards = (size_t)config->challenge_shards;
	char endpoint[CONFIG_ENDPOINT_MAX + 1], name[CURVE_NAME_MAX + 1];

	for (size_t i = 0; i < shards; i++) {
		(void)snprintf(name, sizeof(name), CURVE_CHALLENGE "%zu", i);
		config_challenge_endpoint(config, (int64_t)i, endpoint);
		if (load_server(keys, config, i, endpoint, name, error,
			error_size) != 0)
			return -1;
	}
	if (load_server(keys, config, shards, config->auth_endpoint, CURVE_AUTH,
		error, error_size) != 0)
		return -1;
	return load_server(keys, config, shards + 1, config->analytics_endpoint,
	    CURVE_ANALYTICS, error, error_size);
}

int
bus_keys_load(struct bus_keys *keys, const struct config *config, char *error,
    size_t error_size)
{
	memset(keys, 0, sizeof(*keys));
	if (config->curve_dir[0] == '\0')
		return 0;
	if (load_servers(keys, config, error, error_size) != 0)
		return -1;
	if (!keys->used)
		return 0;
	return curve_load_pair(config->curve_dir, config->curve_name,
	    &keys->own, error, error_size);
}
