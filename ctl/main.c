/*
 * aicaptcha-ctl: what deploy/backup and deploy/restore cannot do in a shell.
 *
 *   aicaptcha-ctl backup [-c FILE]   has every service copy its database into
 *                                    data_dir/backup; prints the copies' names
 *   aicaptcha-ctl check FILE ...     is each a database, and whole?
 *
 * It owns nothing. The status is 0, or 1 with the reason on standard error.
 */
#include <czmq.h>
#include <stdio.h>
#include <string.h>

#include "common/db.h"
#include "common/log.h"
#include "common/start.h"
#include "ctl/ask.h"

#define LOOK_MS	    20 /* between two looks at how far a copy is */
#define NAME_SIZE   32
#define SERVICES    (CONFIG_SHARDS_MAX + 2)
#define ERROR_USAGE 2

struct service {
	char name[NAME_SIZE];
	char endpoint[CONFIG_ENDPOINT_MAX + 1];
	struct ask *ask;
	struct backup_ticket ticket;
};

/*
 * In the order of their copies. analytics-svc comes first: what it has counted
 * since is still in the outboxes of the others. auth-svc comes last, so that
 * every key that a challenge was made with is in its copy.
 */
static size_t
list_services(const struct config *config, struct service *services)
{
	size_t count = 0;
	int64_t shard;

	snprintf(services[count].name, NAME_SIZE, "analytics-svc");
	snprintf(services[count].endpoint, sizeof(services[count].endpoint),
	    "%s", config->analytics_endpoint);
	count++;
	for (shard = 0; shard < config->challenge_shards; shard++, count++) {
		snprintf(services[count].name, NAME_SIZE, "challenge-svc %d",
		    (int)shard);
		config_challenge_endpoint(
		    config, shard, services[count].endpoint);
	}
	snprintf(services[count].name, NAME_SIZE, "auth-svc");
	snprintf(services[count].endpoint, sizeof(services[count].endpoint),
	    "%s", config->auth_endpoint);
	return count + 1;
}

static int
prepare(struct service *service)
{
	const struct empty request = { 0 };

	service->ask = ask_new(service->name, service->endpoint);
	return service->ask == NULL ? -1
				    : ask_for(service->ask, MSG_BACKUP_PREPARE,
					  &request, &service->ticket);
}

/* Waits for the copy and prints its name. */
static int
copy(struct service *service)
{
	struct backup_state state;

	for (;;) {
		if (ask_for(service->ask, MSG_BACKUP, &service->ticket,
			&state) != 0)
			return -1;
		if (state.done)
			break;
		zclock_sleep(LOOK_MS);
		if (zsys_interrupted)
			return -1;
	}
	printf("%s\n", state.file);
	return 0;
}

static int
backup(const struct config *config)
{
	static struct service services[SERVICES];
	const size_t count = list_services(config, services);
	int status = EXIT_SUCCESS;
	size_t i;

	for (i = 0; i < count && status == EXIT_SUCCESS; i++)
		if (prepare(&services[i]) != 0)
			status = EXIT_FAILURE;
	for (i = 0; i < count && status == EXIT_SUCCESS; i++)
		if (copy(&services[i]) != 0)
			status = EXIT_FAILURE;
	for (i = 0; i < count; i++)
		ask_free(&services[i].ask);
	return status;
}

static int
check(int count, char **files)
{
	char error[START_ERROR_SIZE];
	int status = EXIT_SUCCESS, i;

	log_open("ctl", LOG_LEVEL_INFO);
	for (i = 0; i < count; i++) {
		if (db_check(files[i], error, sizeof(error)) == 0)
			continue;
		log_error(NULL, "%s", error);
		status = EXIT_FAILURE;
	}
	return status;
}

int
main(int argc, char **argv)
{
	static struct config config;
	int status;

	if (argc > 2 && strcmp(argv[1], "check") == 0)
		return check(argc - 2, argv + 2);
	if (argc < 2 || strcmp(argv[1], "backup") != 0) {
		fprintf(stderr,
		    "usage: aicaptcha-ctl backup [-c FILE]\n"
		    "       aicaptcha-ctl check FILE ...\n");
		return ERROR_USAGE;
	}
	status = start_process(argc - 1, argv + 1, "ctl", &config);
	return status != 0 ? status : backup(&config);
}
