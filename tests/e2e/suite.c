/*
 * What the tests of one program share; see suite.h.
 */
#include <curl/curl.h>
#include <stdlib.h>

#include "tests/e2e/suite.h"

static int
start(void **state, const char *const settings[],
    struct rig *(*start_rig)(const char *const settings[]))
{
	struct suite *suite = NULL;

	suite = calloc(1, sizeof(*suite));
	assert_non_null(suite);
	*state = suite;
	assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
	suite->rig = start_rig(settings);
	suite->client = client_new(rig_port(suite->rig));
	return 0;
}

int
suite_start(void **state, const char *const settings[])
{
	return start(state, settings, rig_start);
}

int
suite_start_tcp(void **state, const char *const settings[])
{
	return start(state, settings, rig_start_tcp);
}

int
suite_set_up(void **state)
{
	return suite_start(state, NULL);
}

int
suite_mend(void **state)
{
	struct suite *suite = *state;

	rig_mend(suite->rig);
	client_forget(suite->client);
	return 0;
}

int
suite_tear_down(void **state)
{
	struct suite *suite = *state;
	int result;

	client_free(&suite->client);
	result = rig_stop(&suite->rig);
	free(suite);
	curl_global_cleanup();
	return result;
}
