/*
 * See start.h.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "common/log.h"
#include "common/secret.h"
#include "common/start.h"

void
start_keep_private(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef AIC_SANITIZE
	/* The leak checker attaches to its own process and must be let. */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

int
start_process(int argc, char **argv, const char *name, struct config *config)
{
	char error[START_ERROR_SIZE] = "";
	enum log_level level = LOG_LEVEL_INFO;
	const char *file = NULL;

	log_open(name, level);
	if (config_arguments(argc, argv, &file) != 0)
		return 2;
	if (config_load(config, file, error, sizeof(error)) != 0 ||
	    log_level_parse(config->log_level, &level) != 0) {
		log_error(NULL, "%s",
		    error[0] != '\0' ? error : "log_level: unknown level");
		return 2;
	}
	log_open(name, level);
	(void)umask(077);
	start_keep_private();
	if (secret_init() != 0) {
		log_error(NULL, "there is no source of randomness");
		return 1;
	}
	if (config_make_directories(config, error, sizeof(error)) != 0) {
		log_error(NULL, "%s", error);
		return 1;
	}
	return 0;
}
