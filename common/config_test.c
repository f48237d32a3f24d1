/*
 * Tests of the settings: what is read from where, what is refused and how it is
 * named, and that the file for operators tells the truth.
 */

#include "common/testing.h"

#include <ctype.h>

#include "common/config.h"

#define ERROR_SIZE 512

static const char *const names[] = {
#define SETTING(KIND, name, value, lo, hi, doc) #name,
#include "common/settings.def"
#undef SETTING
};

#define NAMES_COUNT (sizeof(names) / sizeof(names[0]))

/* AIC_ and the name in capitals. */
static const char *
variable(const char *name)
{
	static char text[64];
	size_t i;

	snprintf(text, sizeof(text), "AIC_%s", name);
	for (i = 0; text[i] != '\0'; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	return text;
}

static int
setup(void **state)
{
	size_t i;

	for (i = 0; i < NAMES_COUNT; i++)
		unsetenv(variable(names[i]));
	unsetenv("AIC_CONFIG");
	return testing_setup(state);
}

static int
teardown(void **state)
{
	size_t i;

	for (i = 0; i < NAMES_COUNT; i++)
		unsetenv(variable(names[i]));
	return testing_teardown(state);
}

/* Loads a file of this text. */
static int
load_bytes(void **state, const char *text, size_t len, struct config *config,
    char *error)
{
	const char *path = testing_path(state, "a.conf");

	testing_write(path, text, len, 0600);
	error[0] = '\0';
	return config_load(config, path, error, ERROR_SIZE);
}

static void
assert_loads(void **state, const char *text, struct config *config)
{
	char error[ERROR_SIZE];

	if (load_bytes(state, text, strlen(text), config, error) != 0)
		fail_msg("refused: %s", error);
}

/* The text is refused with both words in the sentence. */
static void
assert_refused(
    void **state, const char *text, const char *word, const char *other)
{
	char error[ERROR_SIZE];
	struct config config;

	if (load_bytes(state, text, strlen(text), &config, error) != -1)
		fail_msg("\"%s\" is not refused", text);
	if (strstr(error, word) == NULL || strstr(error, other) == NULL)
		fail_msg(
		    "\"%s\" or \"%s\" is not in \"%s\"", word, other, error);
}

static void
defaults_need_no_file(void **state)
{
	char error[ERROR_SIZE], endpoint[CONFIG_ENDPOINT_MAX + 1];
	struct config config;

	(void)state;
	assert_int_equal(config_load(&config, NULL, error, sizeof(error)), 0);
	assert_string_equal(config.http_listen, "127.0.0.1:8080");
	assert_string_equal(config.data_dir, "./var");
	assert_int_equal(config.challenge_shards, 1);
	assert_int_equal(config.verification_ttl, 300);
	assert_string_equal(config.trusted_proxies, "127.0.0.1,::1");
	assert_int_equal(config.address_rate_limit, 0);
	assert_int_equal(config.password_rate_limit, 200);
	assert_false(config.metrics_public);
	assert_string_equal(config.auth_endpoint, "ipc://./var/run/auth.sock");
	assert_string_equal(
	    config.analytics_endpoint, "ipc://./var/run/analytics.sock");
	config_challenge_endpoint(&config, 0, endpoint);
	assert_string_equal(endpoint, "ipc://./var/run/challenge-0.sock");
	assert_string_equal(config.bind, "");
}

static void
file_is_read(void **state)
{
	struct config config;

	assert_loads(state,
	    "# a comment\n"
	    "\n"
	    "data_dir = /srv/aic   # another\n"
	    "http_listen='[::1]:99'\r\n"
	    "metrics_public = true\n"
	    "curve_dir = /srv/keys\n"
	    "bind = \"tcp://*:5551\"\n"
	    "trusted_proxies = ::1, 2001:db8::/32, unix\n"
	    "address_rate_limit = 6000\n"
	    "auth_endpoint = tcp://auth.internal:5551\n"
	    "challenge_shards = 2",
	    &config);
	assert_string_equal(config.data_dir, "/srv/aic");
	assert_string_equal(config.http_listen, "[::1]:99");
	assert_true(config.metrics_public);
	assert_string_equal(config.bind, "tcp://*:5551");
	assert_string_equal(config.trusted_proxies, "::1, 2001:db8::/32, unix");
	assert_int_equal(config.address_rate_limit, 6000);
	assert_string_equal(config.auth_endpoint, "tcp://auth.internal:5551");
	assert_string_equal(
	    config.analytics_endpoint, "ipc:///srv/aic/run/analytics.sock");
	assert_int_equal(config.challenge_shards, 2);
	assert_loads(state, "", &config);
	assert_loads(state, "metrics_public = 0\nbind =\n", &config);
	assert_loads(state, "http_listen = unix:/run/aic.sock\n", &config);
}

static void
environment_wins_over_the_file(void **state)
{
	struct config config;

	setenv("AIC_VERIFICATION_TTL", "77", 1);
	setenv("AIC_DATA_DIR", "/elsewhere", 1);
	setenv("AIC_NOTHING_OF_OURS", "ignored", 1);
	assert_loads(
	    state, "verification_ttl = 88\nsession_ttl = 99\n", &config);
	unsetenv("AIC_NOTHING_OF_OURS");
	assert_int_equal(config.verification_ttl, 77);
	assert_int_equal(config.session_ttl, 99);
	assert_string_equal(
	    config.auth_endpoint, "ipc:///elsewhere/run/auth.sock");
}

static void
bad_value_of_the_environment_is_named(void **state)
{
	setenv("AIC_MAX_IN_FLIGHT", "many", 1);
	assert_refused(state, "", "AIC_MAX_IN_FLIGHT", "\"many\"");
	setenv("AIC_MAX_IN_FLIGHT", "", 1);
	assert_refused(state, "", "AIC_MAX_IN_FLIGHT", "whole number");
	unsetenv("AIC_MAX_IN_FLIGHT");
	setenv("AIC_DATA_DIR", "new\nline", 1);
	assert_refused(state, "", "AIC_DATA_DIR", "control character");
}

static void
wrong_lines_are_refused_and_named(void **state)
{
	assert_refused(state, "\ncolour = red\n", ":2:", "colour");
	assert_refused(state, "Log_Level = info\n", "unknown", "Log_Level");
	assert_refused(
	    state, "bind = \"\"\nbind = \"\"\n", ":2:", "second time");
	assert_refused(state, "bind\n", ":1:", "no value");
	assert_refused(state, "data_dir: /srv\n", ":1:", "name = value");
	assert_refused(state, "data_dir = \"/srv\n", ":1:", "name = value");
	assert_refused(state, "a\n    data_dir = /srv\n", ":1:", "unknown");
	assert_refused(state, "\n    data_dir = /srv\n", ":2:", "name = value");
	assert_refused(state, "= 3\n", ":1:", "name = value");
}

static void
lines_that_are_too_long_or_not_text_are_refused(void **state)
{
	static char text[3000];
	char error[ERROR_SIZE];
	struct config config;

	memset(text, '#', sizeof(text) - 1);
	text[1024] = '\n';
	text[1025 + 1024] = '\0';
	assert_loads(state, text, &config);
	text[1024] = '#';
	text[1025] = '\n';
	assert_refused(state, text, ":1:", "longer than 1024");
	memset(text, '#', sizeof(text) - 1);
	assert_refused(state, text, ":1:", "longer than 1024");
	assert_int_equal(
	    load_bytes(state, "bind = \0hidden\n\n", 16, &config, error), -1);
	assert_non_null(strstr(error, "not text"));
}

static void
numbers_out_of_bounds_are_refused(void **state)
{
	static const char *const values[] = { "0", "65", "-1", "+1", "1.0",
		"0x1", "1 2", "", "\" 1\"", "99999999999999999999", "one" };
	char text[100];
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(
		    text, sizeof(text), "challenge_shards = %s\n", values[i]);
		assert_refused(state, text, "challenge_shards", "from 1 to 64");
	}
	assert_refused(
	    state, "metrics_public = maybe\n", "metrics_public", "yes or no");
	assert_refused(state, "data_dir = \"\"\n", "data_dir", "1 to 160");
	assert_refused(
	    state, "argon2_memory_kib = 8\n", "argon2_memory_kib", "47104");
}

static void
settings_that_contradict_each_other_are_refused(void **state)
{
	struct config config;

	assert_refused(state, "challenge_shard = 1\n", "challenge_shard is 1",
	    "challenge_shards is 1");
	assert_refused(state,
	    "challenge_shards = 2\nchallenge_endpoints = tcp://127.0.0.1:1\n",
	    "has 1 endpoints", "challenge_shards is 2");
	assert_refused(state,
	    "challenge_shards = 2\n"
	    "challenge_endpoints = \"tcp://127.0.0.1:1, tcp://127.0.0.1:1\"\n",
	    "tcp://127.0.0.1:1", "taken");
	assert_refused(state,
	    "auth_endpoint = tcp://127.0.0.1:1\nanalytics_endpoint = "
	    "tcp://127.0.0.1:1\n",
	    "analytics_endpoint", "taken");
	assert_refused(state,
	    "auth_endpoint = tcp://127.0.0.1:1\nchallenge_endpoints = "
	    "tcp://127.0.0.1:1\n",
	    "challenge_endpoints", "taken");
	assert_loads(
	    state, "challenge_shards = 3\nchallenge_shard = 2\n", &config);
	assert_refused(state, "log_level = loud\n", "log_level", "\"loud\"");
}

static void
shards_have_an_endpoint_each(void **state)
{
	char endpoint[CONFIG_ENDPOINT_MAX + 1];
	struct config config;

	assert_loads(state,
	    "challenge_shards = 3\n"
	    "challenge_endpoints = tcp://127.0.0.1:1 ,ipc:///run/b,  "
	    "tcp://[::1]:3\n",
	    &config);
	config_challenge_endpoint(&config, 0, endpoint);
	assert_string_equal(endpoint, "tcp://127.0.0.1:1");
	config_challenge_endpoint(&config, 1, endpoint);
	assert_string_equal(endpoint, "ipc:///run/b");
	config_challenge_endpoint(&config, 2, endpoint);
	assert_string_equal(endpoint, "tcp://[::1]:3");
	config_challenge_endpoint(&config, 3, endpoint);
	assert_string_equal(endpoint, "");
	assert_loads(state, "challenge_shards = 64\n", &config);
	config_challenge_endpoint(&config, 63, endpoint);
	assert_string_equal(endpoint, "ipc://./var/run/challenge-63.sock");
	assert_refused(state,
	    "challenge_shards = 2\n"
	    "challenge_endpoints = \"tcp://127.0.0.1:1,\"\n",
	    "challenge_endpoints", "must be ipc://");
}

static void
socket_paths_fit_a_unix_socket(void **state)
{
	char text[300];
	struct config config;

	/* "/run/challenge-0.sock" has 21 bytes, of 107. */
	snprintf(text, sizeof(text), "data_dir = /%085d\n", 0);
	assert_loads(state, text, &config);
	snprintf(text, sizeof(text), "data_dir = /%086d\n", 0);
	assert_refused(state, text, "challenge-0.sock", "shorter data_dir");
	/* Where no socket is in it, it may be longer. */
	snprintf(text, sizeof(text),
	    "data_dir = /%0150d\nauth_endpoint = tcp://127.0.0.1:1\n"
	    "analytics_endpoint = tcp://127.0.0.1:2\nchallenge_endpoints = "
	    "tcp://127.0.0.1:3\n",
	    0);
	assert_loads(state, text, &config);
}

static void
endpoints_that_leave_the_host_need_keys(void **state)
{
	static const char *const leaving[] = { "auth_endpoint = tcp://a:1\n",
		"analytics_endpoint = tcp://10.1.2.3:1\n",
		"challenge_endpoints = \"tcp://[2001:db8::7]:1\"\n",
		"bind = \"tcp://*:1\"\n", "bind = tcp://0.0.0.0:1\n",
		"auth_endpoint = tcp://localhost:1\n" };
	static const char *const staying[] = { "auth_endpoint = ipc:///a\n",
		"auth_endpoint = tcp://127.255.1.1:1\n",
		"bind = \"tcp://[::1]:1\"\n" };
	char text[200];
	struct config config;

	for (size_t i = 0; i < sizeof(leaving) / sizeof(leaving[0]); i++) {
		assert_refused(
		    state, leaving[i], "deploy/curve-keys", "curve_dir");
		snprintf(
		    text, sizeof(text), "%scurve_dir = keys\n", leaving[i]);
		assert_loads(state, text, &config);
		assert_string_equal(config.curve_dir, "keys");
	}
	for (size_t i = 0; i < sizeof(staying) / sizeof(staying[0]); i++)
		assert_loads(state, staying[i], &config);
}

static void
gateways_have_names_of_their_own(void **state)
{
	struct config config;

	assert_loads(state, "curve_name = gateway-b2\n", &config);
	assert_refused(state, "curve_name = auth\n", "curve_name", "auth");
	assert_refused(
	    state, "curve_name = gateway-\n", "curve_name", "gateway-");
}

static void
command_line_names_the_file(void **state)
{
	char *none[] = { "svc", NULL };
	char *given[] = { "svc", "-c", "given.conf", NULL };
	char *wrong[] = { "svc", "-c", NULL };
	char *more[] = { "svc", "-c", "a", "b", NULL };
	char *other[] = { "svc", "-x", "a", NULL };
	const char *file = "";

	(void)state;
	assert_int_equal(config_arguments(1, none, &file), 0);
	assert_null(file);
	setenv("AIC_CONFIG", "env.conf", 1);
	assert_int_equal(config_arguments(1, none, &file), 0);
	assert_string_equal(file, "env.conf");
	assert_int_equal(config_arguments(3, given, &file), 0);
	assert_string_equal(file, "given.conf");
	setenv("AIC_CONFIG", "", 1);
	assert_int_equal(config_arguments(1, none, &file), 0);
	assert_null(file);
	unsetenv("AIC_CONFIG");
	assert_int_equal(config_arguments(2, wrong, &file), -1);
	assert_int_equal(config_arguments(4, more, &file), -1);
	assert_int_equal(config_arguments(3, other, &file), -1);
}

static void
file_that_is_missing_is_named(void **state)
{
	char error[ERROR_SIZE];
	struct config config;

	assert_int_equal(config_load(&config, testing_path(state, "no.conf"),
			     error, sizeof(error)),
	    -1);
	assert_non_null(strstr(error, "no.conf: No such file"));
	assert_int_equal(
	    config_load(&config, *state, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "directory"));
}

static void
directories_are_made_and_closed_to_others(void **state)
{
	char error[ERROR_SIZE];
	struct config config;
	mode_t mask = umask(0);

	setenv("AIC_DATA_DIR", testing_path(state, "data"), 1);
	assert_loads(state, "", &config);
	assert_int_equal(
	    config_make_directories(&config, error, sizeof(error)), 0);
	assert_int_equal(testing_mode(testing_path(state, "data")), 0700);
	assert_int_equal(testing_mode(testing_path(state, "data/run")), 0700);
	assert_int_equal(
	    config_make_directories(&config, error, sizeof(error)), 0);

	chmod(testing_path(state, "data/run"), 0750);
	assert_int_equal(
	    config_make_directories(&config, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "data/run: is open to others"));

	setenv("AIC_DATA_DIR", testing_path(state, "none/data"), 1);
	assert_loads(state, "", &config);
	assert_int_equal(
	    config_make_directories(&config, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "none/data: cannot be made"));

	setenv("AIC_DATA_DIR", testing_path(state, "a.conf"), 1);
	assert_loads(state, "", &config);
	assert_int_equal(
	    config_make_directories(&config, error, sizeof(error)), -1);
	assert_non_null(strstr(error, "not a directory"));
	umask(mask);
}

static void
operators_file_has_every_setting_at_its_default(void **state)
{
	char error[ERROR_SIZE], line[80];
	char *text = NULL, *loaded = NULL, *from, *to;
	struct config plain, config;
	size_t i;

	assert_true(
	    testing_read(AIC_SOURCE_DIR "/deploy/aicaptcha.conf", &text) > 0);
	for (i = 0; i < NAMES_COUNT; i++) {
		snprintf(line, sizeof(line), "\n#%s = ", names[i]);
		if (strstr(text, line) == NULL)
			fail_msg(
			    "%s is not in deploy/aicaptcha.conf", names[i]);
	}
	assert_loads(state, text, &config);

	/* Uncommented: each "#name = " at the start of a line. */
	loaded = malloc(strlen(text) + 1);
	assert_non_null(loaded);
	for (from = text, to = loaded; *from != '\0'; from++) {
		if (*from == '#' && islower((unsigned char)from[1]) &&
		    (from == text || from[-1] == '\n'))
			continue;
		*to++ = *from;
	}
	*to = '\0';
	assert_loads(state, loaded, &config);
	memset(&plain, 0, sizeof(plain));
	assert_int_equal(config_load(&plain, NULL, error, sizeof(error)), 0);
#define SETTING_INT(name)			assert_int_equal(config.name, plain.name);
#define SETTING_BOOL(name)			assert_int_equal(config.name, plain.name);
#define SETTING_STR(name)			assert_string_equal(config.name, plain.name);
#define SETTING(KIND, name, value, lo, hi, doc) SETTING_##KIND(name)
#include "common/settings.def"
#undef SETTING
	free(loaded);
	free(text);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_need_no_file),
		TEST(file_is_read),
		TEST(environment_wins_over_the_file),
		TEST(bad_value_of_the_environment_is_named),
		TEST(wrong_lines_are_refused_and_named),
		TEST(lines_that_are_too_long_or_not_text_are_refused),
		TEST(numbers_out_of_bounds_are_refused),
		TEST(settings_that_contradict_each_other_are_refused),
		TEST(shards_have_an_endpoint_each),
		TEST(socket_paths_fit_a_unix_socket),
		TEST(endpoints_that_leave_the_host_need_keys),
		TEST(gateways_have_names_of_their_own),
		TEST(command_line_names_the_file),
		TEST(file_that_is_missing_is_named),
		TEST(directories_are_made_and_closed_to_others),
		TEST(operators_file_has_every_setting_at_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
