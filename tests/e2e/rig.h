/*
 * A whole system of its own for a test: every process, started in a temporary
 * directory and on a free port, each of which the test can stop, kill, pause
 * and start again. Whatever goes wrong in here fails the test that called.
 */
#ifndef TESTS_E2E_RIG_H
#define TESTS_E2E_RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/e2e/wait.h"

/*
 * How much longer than the promise a test waits for what is promised within a
 * time: sanitized processes are slower, and share their cores with other tests.
 */
#if defined(AIC_SANITIZE) || defined(AIC_TSAN) || defined(AIC_COVERAGE)
#define RIG_SLACK 5
#else
#define RIG_SLACK 2
#endif

/* In the order in which they start; they stop in the opposite one. */
enum rig_process {
	RIG_ANALYTICS,
	RIG_AUTH,
	RIG_CHALLENGE_0,
	RIG_CHALLENGE_1,
	RIG_GATEWAY,
	RIG_PROCESSES,
};

struct rig;

/*
 * Starts a system and waits until it is ready. settings are AIC_NAME=value
 * texts up to a NULL; two challenge services start when AIC_CHALLENGE_SHARDS=2
 * is one of them. The gateway has one worker unless settings say otherwise.
 */
struct rig *rig_start(const char *const settings[]);

/*
 * As rig_start, with the services on tcp:// endpoints of 127.0.0.1, and keys of
 * CURVE for all in the directory "keys" of the rig.
 */
struct rig *rig_start_tcp(const char *const settings[]);

/*
 * Stops what runs and looks at what all processes left behind: an exit status
 * that is not 0, a socket, or the report of a sanitizer is a failure. Returns
 * 0 or -1, as a teardown of cmocka does; NULL is fine. The directory stays when
 * AIC_TEST_KEEP is set.
 */
int rig_stop(struct rig **rig);

/* Where the gateway answers: 127.0.0.1:port. */
uint16_t rig_port(const struct rig *rig);

/* Its directory: NAME.log of each process, and d/, which is AIC_DATA_DIR. */
const char *rig_dir(const struct rig *rig);

/* The ZeroMQ endpoint of a service of this rig, valid as long as it is. */
const char *rig_endpoint(const struct rig *rig, enum rig_process process);

/* Process id, 0 when it does not run. */
pid_t rig_pid(const struct rig *rig, enum rig_process process);

/* SIGTERM, then waits for status 0. */
void rig_end(struct rig *rig, enum rig_process process);

/* SIGKILL, then waits. */
void rig_kill(struct rig *rig, enum rig_process process);

/* Starts one that was ended or killed; does not wait until it is ready. */
void rig_restart(struct rig *rig, enum rig_process process);

/*
 * From now on the process is started by these words, up to a NULL, in front of
 * its program; NULL for by itself. They must live as long as the rig, and leave
 * the process its id, as exec does and `strace -D`.
 */
void rig_start_by(
    struct rig *rig, enum rig_process process, const char *const words[]);

/* Waits for a process to end by itself, ms at most. Its wait status, or -1 when
 * it runs on. */
int rig_await_end(struct rig *rig, enum rig_process process, int64_t ms);

/* SIGSTOP and SIGCONT. */
void rig_pause(struct rig *rig, enum rig_process process);
void rig_resume(struct rig *rig, enum rig_process process);

/* Waits until /readyz says 200, and the services that answer are those that
 * were started last. */
void rig_await_ready(struct rig *rig);

/* Whether the process that was started still runs. */
bool rig_runs(struct rig *rig, enum rig_process process);

/* Starts and resumes whatever a test has left otherwise, and waits until the
 * system is ready. */
void rig_mend(struct rig *rig);

#endif
