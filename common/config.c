/*
 * Settings: see config.h. Each is declared in settings.def, once; what follows
 * goes through that table.
 */

#include <ctype.h>
#include <czmq.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/config.h"
#include "common/curve.h"
#include "common/endpoint.h"
#include "common/log.h"

/* zconfig reads past the end of its text after a longer line (4.2.1). */
#define LINE_MAX_BYTES 1024

enum setting_kind { SETTING_KIND_INT, SETTING_KIND_BOOL, SETTING_KIND_STR };

struct setting {
	enum setting_kind kind;
	const char *name;
	int64_t lo;
	int64_t hi;
	size_t offset; /* of its member of struct config */
};

static const struct setting settings[] = {
#define SETTING(KIND, name, value, lo, hi, doc) \
	{ SETTING_KIND_##KIND, #name, lo, hi, offsetof(struct config, name) },
#include "common/settings.def"
#undef SETTING
};

#define SETTINGS_COUNT (sizeof(settings) / sizeof(settings[0]))

static const struct config defaults = {
#define SETTING(KIND, name, value, lo, hi, doc) .name = value,
#include "common/settings.def"
#undef SETTING
};

/* -------- one value -------- */

/* Reads a whole number of lo..hi: 0, or -1. */
static int
parse_int(const char *text, int64_t lo, int64_t hi, int64_t *value)
{
	char *end = NULL;
	long long number;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || number < lo || number > hi)
		return -1;
	*value = number;
	return 0;
}

/* Reads a yes or no: 0, or -1. */
static int
parse_bool(const char *text, bool *value)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = {
		{ "yes", true },
		{ "true", true },
		{ "1", true },
		{ "no", false },
		{ "false", false },
		{ "0", false },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i].text) == 0) {
			*value = words[i].value;
			return 0;
		}
	}
	return -1;
}

/* True when every byte may stand in a path, an address or a word. */
static bool
text_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (iscntrl((unsigned char)*text))
			return false;
	}
	return true;
}

/* Sets a member from text; where names the line or variable for an error. */
static int
setting_set(struct config *config, const struct setting *setting,
    const char *text, const char *where, char *error, size_t error_size)
{
	char *member = (char *)config + setting->offset;
	int64_t number;
	size_t len;
	bool yes;

	switch (setting->kind) {
	case SETTING_KIND_INT:
		if (parse_int(text, setting->lo, setting->hi, &number) == -1) {
			snprintf(error, error_size,
			    "%s: %s must be a whole number from %lld to %lld, "
			    "not \"%.40s\"",
			    where, setting->name, (long long)setting->lo,
			    (long long)setting->hi, text);
			return -1;
		}
		memcpy(member, &number, sizeof(number));
		return 0;
	case SETTING_KIND_BOOL:
		if (parse_bool(text, &yes) == -1) {
			snprintf(error, error_size,
			    "%s: %s must be yes or no, not \"%.40s\"", where,
			    setting->name, text);
			return -1;
		}
		memcpy(member, &yes, sizeof(yes));
		return 0;
	case SETTING_KIND_STR:
		len = strlen(text);
		if ((int64_t)len < setting->lo || (int64_t)len > setting->hi) {
			snprintf(error, error_size,
			    "%s: %s must have %lld to %lld bytes, not %zu",
			    where, setting->name, (long long)setting->lo,
			    (long long)setting->hi, len);
			return -1;
		}
		if (!text_printable(text)) {
			snprintf(error, error_size,
			    "%s: %s has a control character", where,
			    setting->name);
			return -1;
		}
		memcpy(member, text, len + 1);
		return 0;
	}
	return -1;
}

/* -------- the file -------- */

/* Sets what one line of the file says; seen has a flag for each setting. */
static int
file_line(struct config *config, const char *line, bool *seen,
    const char *where, char *error, size_t error_size)
{
	zconfig_t *root = NULL, *item;
	size_t i;
	int rc = -1;

	root = zconfig_str_load(line);
	if (root == NULL) {
		snprintf(error, error_size,
		    "%s: is not a line of the form name = value", where);
		return -1;
	}
	item = zconfig_child(root);
	if (item == NULL) {
		rc = 0; /* blank, or a comment */
		goto out;
	}
	for (i = 0; i < SETTINGS_COUNT; i++) {
		if (strcmp(zconfig_name(item), settings[i].name) == 0)
			break;
	}
	if (i == SETTINGS_COUNT)
		snprintf(error, error_size, "%s: unknown setting %.40s", where,
		    zconfig_name(item));
	else if (strchr(line, '=') == NULL)
		snprintf(error, error_size, "%s: %s has no value", where,
		    settings[i].name);
	else if (seen[i])
		snprintf(error, error_size, "%s: %s is set a second time",
		    where, settings[i].name);
	else {
		seen[i] = true;
		rc = setting_set(config, &settings[i], zconfig_value(item),
		    where, error, error_size);
	}
out:
	zconfig_destroy(&root);
	return rc;
}

/*
 * Reads the file. A line at a time, because zconfig tells nobody but standard
 * output where something is wrong.
 */
static int
file_load(
    struct config *config, const char *path, char *error, size_t error_size)
{
	char line[LINE_MAX_BYTES + 2], where[300];
	bool seen[SETTINGS_COUNT] = { false };
	FILE *file = NULL;
	size_t number = 0, len;
	int rc = -1;

	file = fopen(path, "re");
	if (file == NULL) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return -1;
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		number++;
		snprintf(where, sizeof(where), "%.250s:%zu", path, number);
		len = strlen(line);
		if (len == 0 || (line[len - 1] != '\n' && !feof(file))) {
			snprintf(error, error_size,
			    "%s: is longer than %d bytes, or is not text",
			    where, LINE_MAX_BYTES);
			goto out;
		}
		if (file_line(config, line, seen, where, error, error_size) ==
		    -1)
			goto out;
	}
	if (ferror(file)) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		goto out;
	}
	rc = 0;
out:
	fclose(file);
	return rc;
}

/* -------- the environment -------- */

static int
environment_load(struct config *config, char *error, size_t error_size)
{
	char name[64];
	const char *value;
	size_t i, j;

	for (i = 0; i < SETTINGS_COUNT; i++) {
		snprintf(name, sizeof(name), "AIC_%s", settings[i].name);
		for (j = 4; name[j] != '\0'; j++)
			name[j] = (char)toupper((unsigned char)name[j]);
		value = getenv(name);
		if (value != NULL &&
		    setting_set(config, &settings[i], value, name, error,
			error_size) == -1)
			return -1;
	}
	return 0;
}

/* -------- the whole -------- */

/* The endpoint in data_dir/run of a service with a name of up to 20 bytes. */
static void
endpoint_derive(const struct config *config, const char *name,
    char endpoint[CONFIG_ENDPOINT_MAX + 1])
{
	snprintf(endpoint, CONFIG_ENDPOINT_MAX + 1, "ipc://%s/run/%.20s.sock",
	    config->data_dir, name);
}

void
config_challenge_endpoint(const struct config *config, int64_t shard,
    char endpoint[CONFIG_ENDPOINT_MAX + 1])
{
	char name[48];

	if (config->challenge_endpoints[0] == '\0') {
		snprintf(
		    name, sizeof(name), "challenge-%lld", (long long)shard);
		endpoint_derive(config, name, endpoint);
	} else if (!endpoint_list_item(config->challenge_endpoints,
		       (size_t)shard, endpoint, CONFIG_ENDPOINT_MAX + 1))
		endpoint[0] = '\0';
}

/* Checks an endpoint for connecting, or for binding. */
static int
check_endpoint(const struct config *config, const char *name,
    const char *endpoint, bool bind, char *error, size_t error_size)
{
	const char *wrong = endpoint_wrong(endpoint, bind);

	if (wrong == NULL && config->curve_dir[0] == '\0' &&
	    endpoint_leaves_host(endpoint))
		wrong = "may leave this host, which needs keys: make them with "
			"deploy/curve-keys and set curve_dir (only ipc:// and "
			"tcp:// to an address of loopback do without)";
	if (wrong == NULL)
		return 0;
	snprintf(error, error_size, "%s: \"%s\" %s", name, endpoint, wrong);
	return -1;
}

/* Checks the endpoints of the shards, each against those before it. */
static int
check_challenge_endpoints(
    const struct config *config, char *error, size_t error_size)
{
	char endpoint[CONFIG_ENDPOINT_MAX + 1];
	char other[CONFIG_ENDPOINT_MAX + 1];
	size_t count = endpoint_list_count(config->challenge_endpoints);
	int64_t i, j;

	if (count != 0 && count != (size_t)config->challenge_shards) {
		snprintf(error, error_size,
		    "challenge_endpoints has %zu endpoints, but "
		    "challenge_shards is %lld",
		    count, (long long)config->challenge_shards);
		return -1;
	}
	for (i = 0; i < config->challenge_shards; i++) {
		config_challenge_endpoint(config, i, endpoint);
		if (check_endpoint(config, "challenge_endpoints", endpoint,
			false, error, error_size) == -1)
			return -1;
		for (j = 0; j < i; j++) {
			config_challenge_endpoint(config, j, other);
			if (strcmp(endpoint, other) == 0)
				break;
		}
		if (j < i || strcmp(endpoint, config->auth_endpoint) == 0 ||
		    strcmp(endpoint, config->analytics_endpoint) == 0) {
			snprintf(error, error_size,
			    "challenge_endpoints: \"%s\" is taken already",
			    endpoint);
			return -1;
		}
	}
	return 0;
}

/* Completes the settings and checks each against the others. */
static int
config_check(struct config *config, char *error, size_t error_size)
{
	const char *wrong;
	enum log_level level;

	if (config->auth_endpoint[0] == '\0')
		endpoint_derive(config, "auth", config->auth_endpoint);
	if (config->analytics_endpoint[0] == '\0')
		endpoint_derive(
		    config, "analytics", config->analytics_endpoint);
	if (check_endpoint(config, "auth_endpoint", config->auth_endpoint,
		false, error, error_size) == -1 ||
	    check_endpoint(config, "analytics_endpoint",
		config->analytics_endpoint, false, error, error_size) == -1 ||
	    check_challenge_endpoints(config, error, error_size) == -1)
		return -1;
	if (strcmp(config->auth_endpoint, config->analytics_endpoint) == 0) {
		snprintf(error, error_size,
		    "analytics_endpoint: \"%s\" is taken already",
		    config->analytics_endpoint);
		return -1;
	}
	if (config->bind[0] != '\0' &&
	    check_endpoint(
		config, "bind", config->bind, true, error, error_size) == -1)
		return -1;
	if (!curve_name_is_gateway(config->curve_name)) {
		snprintf(error, error_size,
		    "curve_name must be gateway, or gateway- and more of a-z, "
		    "0-9 and -, not \"%s\"",
		    config->curve_name);
		return -1;
	}
	wrong = endpoint_listen_wrong(config->http_listen);
	if (wrong != NULL) {
		snprintf(error, error_size, "http_listen: \"%s\" %s",
		    config->http_listen, wrong);
		return -1;
	}
	if (config->challenge_shard >= config->challenge_shards) {
		snprintf(error, error_size,
		    "challenge_shard is %lld, but challenge_shards is %lld: "
		    "shards count from 0",
		    (long long)config->challenge_shard,
		    (long long)config->challenge_shards);
		return -1;
	}
	if (log_level_parse(config->log_level, &level) == -1) {
		snprintf(error, error_size,
		    "log_level must be error, warning, info or debug, not "
		    "\"%s\"",
		    config->log_level);
		return -1;
	}
	return 0;
}

int
config_load(
    struct config *config, const char *file, char *error, size_t error_size)
{
	*config = defaults;
	if (file != NULL && file_load(config, file, error, error_size) == -1)
		return -1;
	if (environment_load(config, error, error_size) == -1)
		return -1;
	return config_check(config, error, error_size);
}

int
config_arguments(int argc, char **argv, const char **file)
{
	const char *configured = getenv("AIC_CONFIG");

	*file = NULL;
	if (argc == 3 && strcmp(argv[1], "-c") == 0) {
		*file = argv[2];
		return 0;
	}
	if (argc > 1) {
		fprintf(stderr, "usage: %s [-c FILE]\n", argv[0]);
		return -1;
	}
	if (configured != NULL && configured[0] != '\0')
		*file = configured;
	return 0;
}

/* Makes a directory that only its user can enter, or checks that it is one. */
static int
make_directory(const char *path, char *error, size_t error_size)
{
	struct stat st;

	if (mkdir(path, 0700) == -1 && errno != EEXIST) {
		snprintf(error, error_size, "%s: cannot be made: %s", path,
		    strerror(errno));
		return -1;
	}
	if (stat(path, &st) == -1) {
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(st.st_mode)) {
		snprintf(error, error_size, "%s: is not a directory", path);
		return -1;
	}
	if (st.st_uid != geteuid()) {
		snprintf(
		    error, error_size, "%s: belongs to another user", path);
		return -1;
	}
	if ((st.st_mode & 077) != 0) {
		snprintf(error, error_size,
		    "%s: is open to others (mode %o): chmod 700 it", path,
		    (unsigned)(st.st_mode & 07777));
		return -1;
	}
	return 0;
}

int
config_make_directories(
    const struct config *config, char *error, size_t error_size)
{
	char run[sizeof(config->data_dir) + sizeof("/run")];

	snprintf(run, sizeof(run), "%s/run", config->data_dir);
	if (make_directory(config->data_dir, error, error_size) == -1)
		return -1;
	return make_directory(run, error, error_size);
}
