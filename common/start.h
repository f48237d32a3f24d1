/*
 * What every service does before it opens its database.
 */
#ifndef COMMON_START_H
#define COMMON_START_H

#include "common/config.h"

/* Room for a sentence that says why a process cannot start. */
#define START_ERROR_SIZE 512

/*
 * Bars core dumps of this process and of what it forks, and other processes'
 * eyes, both of which could show secrets.
 */
void start_keep_private(void);

/*
 * Reads the command line (`-c FILE`) and the settings, opens the log under
 * `name` at the level that they ask for, makes files private (umask 077), calls
 * start_keep_private, starts libsodium, and makes the directories. Returns 0;
 * else the exit status, with the reason logged: 2 for a bad setting or command
 * line, 1 for the rest.
 */
int
start_process(int argc, char **argv, const char *name, struct config *config);

/*
 * Bars core dumps and other processes' eyes, which could show secrets; of
 * start_process a part, for a process that does not start by it.
 */
void start_keep_private(void);

#endif
