/*
 * Failures one by one: a request goes its whole way through a service (decode,
 * handler, pool, outbox, commit, reply) once for each allocation and each
 * statement on that way, and that one fails.
 *
 * For programs named *_faults_test, which are linked so that the calls of our
 * own objects go through testing_db_faults.c; what libraries allocate for
 * themselves is left alone, since czmq ends the process over it. SQLite's own
 * memory is a kind of failure of its own.
 */
#ifndef COMMON_TESTING_FAULTS_H
#define COMMON_TESTING_FAULTS_H

#include "common/service.h"
#include "common/testing.h"

enum faults_kind {
	FAULTS_MEMORY,	      /* malloc, calloc, realloc, strdup of ours */
	FAULTS_SQLITE_MEMORY, /* an allocation inside of SQLite */
	FAULTS_STEP_MEMORY,   /* a statement: SQLITE_NOMEM, */
	FAULTS_STEP_FULL,     /* SQLITE_FULL, */
	FAULTS_STEP_IO,	      /* SQLITE_IOERR, after which the process ends */
	FAULTS_KINDS,
};

extern const char *const faults_names[FAULTS_KINDS];

/* Before SQLite is used for the first time. */
void faults_init(void);

/* The n-th, from 1, of that kind fails from now on, and no other. */
void faults_arm(enum faults_kind kind, unsigned n);

/* None fails any more. Whether one had. */
bool faults_disarm(void);

/* A hash of all rows of all tables, and how many there are. */
uint64_t faults_digest(struct db *db, int64_t *rows);

/* -------- a service without its loop -------- */

struct faults_service;

/* options must outlive it; its endpoint, tick and analytics are not used. */
struct faults_service *
faults_service_new(const struct service_options *options);
void faults_service_free(struct faults_service **service);

/*
 * Asks, and waits for the pool where the handler does. Fills the reply and
 * returns PROTO_OK; or the error that was answered; -1 for no answer at all.
 */
int faults_ask(struct faults_service *service, enum proto_message message,
    const void *request, void *reply);

/*
 * Asks for what waits for the pool, where its work is done too late: the error
 * that is answered.
 */
int faults_ask_late(struct faults_service *service, enum proto_message message,
    const void *request);

struct faults_case {
	const char *name;
	enum proto_message message;
	/* Makes what the request needs, anew each time, and fills it; zeroed.
	 */
	void (*prepare)(void *fixture, void *request);
	enum proto_error expected; /* the answer when nothing fails */
};

struct faults_bench {
	void *fixture;
	/* The service, of the database that is open just now. */
	struct faults_service *(*service)(void *fixture);
	struct db *(*db)(void *fixture);
	/* After a failure that a process does not survive: a new one starts. */
	void (*restart)(void *fixture);
};

/*
 * For each kind of failure, and each place where it can happen: there is an
 * answer; it is the server's fault (5xx) with the database as before, or what
 * is expected with all of the change that this makes. Returns how many
 * failures there were.
 */
unsigned
faults_walk(const struct faults_bench *bench, const struct faults_case *one);

#endif
