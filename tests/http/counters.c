/*
 * Reading the gateway's counters and its memory; see counters.h.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/http/counters.h"

#define PATH_SIZE 64

/* -------- /metrics -------- */

/* A line begins with the name and its labels; its number is behind a space. */
static int64_t
number_of(const char *line)
{
	const char *end = strchr(line, '\n');
	const char *space = end;

	while (space != NULL && space > line && *space != ' ')
		space--;
	return space == NULL ? 0 : strtoll(space, NULL, 10);
}

static bool
has_route(const char *line, const char *route)
{
	char label[96];
	const char *found = NULL, *end = strchr(line, '\n');

	(void)snprintf(label, sizeof(label), "route=\"%s\"", route);
	found = strstr(line, label);
	return found != NULL && end != NULL && found < end;
}

struct counters
counters_read(struct suite *suite)
{
	static const char requests[] = "aic_gateway_requests_total{";
	static const char refused[] = "aic_gateway_refused_total ";
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/metrics" });
	struct counters counters = { .refused = -1 };
	const char *line = NULL;

	want_status(reply, 200);
	for (line = reply->body; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, refused, strlen(refused)) == 0)
			counters.refused = number_of(line);
		if (strncmp(line, requests, strlen(requests)) != 0 ||
		    has_route(line, "/metrics") || has_route(line, "/readyz"))
			continue;
		counters.handled += number_of(line);
		if (has_route(line, COUNTERS_SMUGGLED))
			counters.smuggled += number_of(line);
	}
	client_forget(suite->client);
	assert_true(counters.refused >= 0);
	return counters;
}

/* -------- memory -------- */

static int64_t
resident_bytes(long pid)
{
	char path[PATH_SIZE], line[256];
	int64_t kib = 0;
	FILE *file = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtoll(line + 6, NULL, 10);
	}
	(void)fclose(file);
	return kib * 1024;
}

int64_t
counters_memory(const struct suite *suite)
{
	const long parent = (long)rig_pid(suite->rig, RIG_GATEWAY);
	char path[PATH_SIZE], children[1024] = "";
	int64_t sum = resident_bytes(parent);
	FILE *file = NULL;
	char *next = children, *end = NULL;
	size_t workers = 0;
	long pid;

	(void)snprintf(
	    path, sizeof(path), "/proc/%ld/task/%ld/children", parent, parent);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(children, sizeof(children), file));
	(void)fclose(file);
	while ((pid = strtol(next, &end, 10)) > 0) {
		sum += resident_bytes(pid);
		workers++;
		next = end;
	}
	assert_true(workers > 0);
	return sum;
}
