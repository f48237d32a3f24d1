/*
 * auth-svc owns auth.db (accounts, sessions, API keys), the keys that access
 * tokens are signed with, and every password hash; nobody else reads any of
 * them. It tells gateways which API keys changed, and analytics-svc what they
 * are called.
 *
 * Read next: service.h (which file does what), handlers.c (what it answers),
 * accounts.c and keys.c (the operations), store.c (every query).
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "auth-svc/service.h"
#include "common/curve.h"
#include "common/log.h"
#include "common/meta.h"
#include "common/secret.h"
#include "common/start.h"

#define PATH_SIZE     256
#define BYTES_PER_KIB 1024

static int
join_path(char path[PATH_SIZE], const struct config *config, const char *name,
    char *error)
{
	int len;

	len = snprintf(path, PATH_SIZE, "%s/%s", config->data_dir, name);
	if (len >= 0 && len < PATH_SIZE)
		return 0;
	(void)snprintf(error, START_ERROR_SIZE, "data_dir is too long");
	return -1;
}

static int
load_tokens(struct token_keys **keys, const struct config *config, char *error)
{
	char directory[PATH_SIZE];

	if (join_path(directory, config, "secrets", error) != 0)
		return -1;
	if (mkdir(directory, S_IRWXU) != 0 && errno != EEXIST) {
		(void)snprintf(error, START_ERROR_SIZE, "%s: %s", directory,
		    strerror(errno));
		return -1;
	}
	*keys = token_keys_load(directory, error, START_ERROR_SIZE);
	return *keys != NULL ? 0 : -1;
}

static int
prepare_passwords(struct auth *auth, const struct config *config, char *error)
{
	auth->policy.memory_bytes = (size_t)config->argon2_memory_kib *
	    BYTES_PER_KIB;
	auth->policy.passes = (unsigned long long)config->argon2_passes;
	auth->policy.dictionary = config->password_dictionary;
	if (!password_dictionary_works(config->password_dictionary)) {
		(void)snprintf(error, START_ERROR_SIZE,
		    "password_dictionary: %s is not a cracklib dictionary "
		    "that can be read, or this process's user has no name",
		    config->password_dictionary);
		return -1;
	}
	return 0;
}

static int
prepare_decoys(struct auth *auth, const struct config *config, char *error)
{
	enum db_status status = DB_OK;
	uint8_t key[DECOY_KEY_BYTES];
	char path[PATH_SIZE];
	int result;

	if (join_path(path, config, "secrets/decoys.key", error) != 0 ||
	    secret_file(path, key, sizeof(key), error, START_ERROR_SIZE) != 0)
		return -1;
	result = decoys_prepare(
	    &auth->decoys, key, auth->store, &auth->policy, &status);
	sodium_memzero(key, sizeof(key));
	if (result == 0)
		return 0;
	if (status != DB_OK)
		(void)snprintf(
		    error, START_ERROR_SIZE, "the accounts cannot be read");
	else
		(void)snprintf(error, START_ERROR_SIZE,
		    "argon2_memory_kib: there is no memory for a hash of "
		    "%lld KiB, or for one that an account has",
		    (long long)config->argon2_memory_kib);
	return -1;
}

static int
prepare_throttle(struct auth *auth, char *error)
{
	uint8_t key[THROTTLE_KEY_BYTES];

	secret_random(key, sizeof(key));
	auth->throttle = throttle_new(key);
	if (auth->throttle != NULL)
		return 0;
	(void)snprintf(error, START_ERROR_SIZE, "there is no memory");
	return -1;
}

static int
open_store(
    struct auth *auth, struct db **db, const struct config *config, char *error)
{
	char path[PATH_SIZE];
	int64_t latest = 0;

	if (join_path(path, config, "auth.db", error) != 0 ||
	    db_open(db, path, store_schema, store_schema_count, error,
		START_ERROR_SIZE) != 0)
		return -1;
	auth->store = store_open(*db);
	auth->outbox = outbox_open(*db);
	if (auth->store == NULL || auth->outbox == NULL ||
	    store_latest(auth->store, &latest) != DB_OK) {
		(void)snprintf(
		    error, START_ERROR_SIZE, "%s cannot be read", path);
		return -1;
	}
	return meta_start_clock(*db, latest, error, START_ERROR_SIZE);
}

static int
serve(struct auth *auth, struct db *db, const struct config *config)
{
	const struct service_options options = {
		.name = "auth-svc",
		.service = PROTO_SERVICE_AUTH,
		.endpoint = config->bind[0] != '\0' ? config->bind
						    : config->auth_endpoint,
		.routes = auth_routes,
		.routes_count = auth_routes_count,
		.ctx = auth,
		.db = db,
		.curve_dir = config->curve_dir,
		.curve_name = CURVE_AUTH,
		.outbox = auth->outbox,
		.analytics = config->analytics_endpoint,
		.pool_threads = (unsigned)config->password_threads,
		.pool_queue = (unsigned)config->password_queue,
		.tick = auth_tick,
		.tick_ms = AUTH_TICK_MS,
	};

	return service_run(&options);
}

int
main(int argc, char **argv)
{
	static struct config config;
	static struct auth auth;
	struct token_keys *tokens = NULL;
	char error[START_ERROR_SIZE] = "";
	struct db *db = NULL;
	int status;

	status = start_process(argc, argv, "auth-svc", &config);
	if (status != 0)
		return status;
	status = EXIT_FAILURE;
	auth.session_ttl_s = config.session_ttl;
	if (load_tokens(&tokens, &config, error) != 0 ||
	    prepare_passwords(&auth, &config, error) != 0 ||
	    prepare_throttle(&auth, error) != 0 ||
	    open_store(&auth, &db, &config, error) != 0 ||
	    prepare_decoys(&auth, &config, error) != 0) {
		log_error(NULL, "%s", error);
		goto out;
	}
	auth.tokens = tokens;
	status = serve(&auth, db, &config);
out:
	outbox_free(&auth.outbox);
	store_free(&auth.store);
	db_close(&db);
	throttle_free(&auth.throttle);
	token_keys_free(&tokens);
	return status;
}
