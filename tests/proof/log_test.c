/*
 * G11: a write-ahead log that ends anywhere, as a crash of the machine may
 * leave it. challenge-svc is killed under load; copies of its database whose
 * log was cut at frame boundaries and at bytes in between are each put in its
 * place: the service starts on every one of them, the database is whole, and
 * each row is what somebody was told or was waiting to be told. A longer log
 * never holds less, and the whole one all that was acknowledged.
 *
 * The log holds everything since the database was made: no checkpoint has been
 * yet. (After one, a log that is shorter than what was copied from it is no
 * state that a crash can leave: the log is synced first.)
 */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/uuid.h"
#include "tests/e2e/suite.h"
#include "tests/proof/proof.h"

#define HEADER	   32 /* bytes of the log before its first frame */
#define FRAME	   (24 + 4096)
#define FRAMES_MAX 4000 /* what sets off a checkpoint: see common/db.c */
#define CROWD	   8	/* requests at one time */
#define TOLD	   160	/* challenges that are acknowledged before the kill */
#define ROWS_MAX   2000
#define PATH_SIZE  512
#define LOAD_MS	   (INT64_C(30000) * RIG_SLACK)

enum { OPEN = 0, ALLOWED = 1, REFUSED = 2 }; /* states of a row */

/* What is known of a challenge by those who asked for it. */
struct row {
	int64_t id;
	int asked; /* the state that a verify was to bring about, or OPEN */
	int told;  /* the state that was acknowledged */
};

struct load {
	struct client *client;
	const char *key;
	pid_t pid;
	atomic_bool late;
	int delay_ms; /* so that it is not between two crowds */
	atomic_int_least64_t count;
	int64_t in_doubt; /* creates without an answer */
	struct row rows[ROWS_MAX];
};

struct file {
	char path[PATH_SIZE];
	char *bytes;
	size_t len;
};

/* -------- the load -------- */

/* The id of a row is the first half of its token: see challenge-svc/token.h. */
static int64_t
id_of(const char *token)
{
	struct uuid uuid;
	int64_t id = 0;

	if (uuid_parse(&uuid, token) != 0)
		return -1;
	for (int i = 0; i < 6; i++)
		id = id << 8 | uuid.bytes[i];
	return id << 4 | (uuid.bytes[6] & 0x0f);
}

/* A crowd of creates; the replies that tell a challenge. */
static size_t
create_some(struct load *load, const struct reply *told[CROWD])
{
	const struct reply *replies[CROWD];
	struct request requests[CROWD];
	size_t count = 0;

	for (size_t i = 0; i < CROWD; i++)
		requests[i] = (struct request){ .method = "POST",
			.path = "/api/v2/challenges",
			.key = load->key };
	client_send_all(load->client, requests, CROWD, replies);
	for (size_t i = 0; i < CROWD; i++) {
		if (replies[i]->status == 200)
			told[count++] = replies[i];
		else if (replies[i]->status != 503)
			load->in_doubt++;
	}
	return count;
}

/* One of three stays open, one is solved, one is answered wrongly. */
static void
verify_some(struct load *load, const struct reply *told[], size_t count)
{
	const struct reply *replies[CROWD];
	struct request requests[CROWD] = { 0 };
	struct row *rows[CROWD];
	size_t sent = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t at = (size_t)atomic_load(&load->count);
		const char *token = want_string(told[i], "token");
		struct row *row = &load->rows[at];

		*row = (struct row){ .id = id_of(token),
			.asked = (int)(at % 3) };
		atomic_store(&load->count, (int64_t)at + 1);
		if (row->asked == OPEN)
			continue;
		rows[sent] = row;
		requests[sent++] = (struct request){
			.path = "/api/v2/challenges/verify",
			.key = load->key,
			.body = client_text(load->client,
			    "{\"token\":\"%s\",\"answer\":%" PRId64 "}", token,
			    row->asked == ALLOWED ? flow_answer(told[i])
						  : FLOW_NONSENSE)
		};
	}
	client_send_all(load->client, requests, sent, replies);
	for (size_t i = 0; i < sent; i++) {
		if (replies[i]->status == 200)
			rows[i]->told = rows[i]->asked;
	}
}

/* Kills the service, on a thread of its own, once enough is acknowledged. */
static void *
kill_it(void *arg)
{
	struct load *load = arg;

	while (atomic_load(&load->count) < TOLD && !atomic_load(&load->late))
		(void)poll(NULL, 0, 1);
	(void)poll(NULL, 0, load->delay_ms);
	(void)kill(load->pid, SIGKILL);
	return NULL;
}

static int
compare(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	return a->id < b->id ? -1 : a->id > b->id;
}

/* Runs the load until the service is killed. */
static void
load_until_killed(struct suite *suite, struct load *load)
{
	const int64_t end = rig_deadline(LOAD_MS);
	const struct reply *told[CROWD];
	pthread_t killer;
	size_t count;

	load->delay_ms = 1 + (int)proof_random(5);
	load->pid = rig_pid(suite->rig, RIG_CHALLENGE_0);
	assert_int_equal(pthread_create(&killer, NULL, kill_it, load), 0);
	do {
		count = create_some(load, told);
		verify_some(load, told, count);
		client_forget(load->client);
	} while (
	    count > 0 && load->count < ROWS_MAX - CROWD && rig_now_ms() < end);
	atomic_store(&load->late, true);
	assert_int_equal(pthread_join(killer, NULL), 0);
	rig_kill(suite->rig, RIG_CHALLENGE_0);
	assert_true(load->count >= TOLD);
	qsort(load->rows, (size_t)load->count, sizeof(load->rows[0]), compare);
}

/* -------- files -------- */

static void
read_file(struct suite *suite, const char *name, struct file *file)
{
	struct stat status;
	int fd;

	snprintf(file->path, sizeof(file->path), "%s/d/%s", rig_dir(suite->rig),
	    name);
	fd = open(file->path, O_RDONLY | O_CLOEXEC);
	assert_int_not_equal(fd, -1);
	assert_int_equal(fstat(fd, &status), 0);
	file->len = (size_t)status.st_size;
	file->bytes = malloc(file->len + 1);
	assert_non_null(file->bytes);
	assert_int_equal(read(fd, file->bytes, file->len), file->len);
	close(fd);
}

/* Puts the first len bytes in the file's place. */
static void
write_file(const struct file *file, size_t len)
{
	int fd;

	fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, file->bytes, len), len);
	close(fd);
}

/* -------- looking -------- */

static const struct row *
find_row(const struct load *load, int64_t id)
{
	const struct row wanted = { .id = id };

	return bsearch(&wanted, load->rows, (size_t)load->count,
	    sizeof(load->rows[0]), compare);
}

/* What the rows of an opened copy are. */
struct found {
	int64_t told;	  /* rows that were acknowledged, in that state */
	int64_t behind;	  /* acknowledged, whose verdict is not there */
	int64_t ahead;	  /* whose verdict was on its way */
	int64_t untold;	  /* creates on their way */
	int64_t verdicts; /* rows that are not open */
};

static void
count_row(const struct load *load, int64_t id, int state, struct found *found)
{
	const struct row *row = find_row(load, id);

	found->verdicts += state != OPEN;
	if (row == NULL) {
		/* Nobody has its token, and so nobody has answered it. */
		assert_int_equal(state, OPEN);
		found->untold++;
	} else if (state == row->told) {
		found->told++;
	} else if (state == OPEN) {
		found->behind++;
	} else if (state == row->asked) {
		found->ahead++;
	} else {
		fail_msg("row %" PRId64 " has state %d, asked was %d", id,
		    state, row->asked);
	}
}

static struct found
look(const struct load *load, const char *path)
{
	static char text[ROWS_MAX * 40];
	struct found found = { 0 };
	char *at = text;
	int64_t id;
	int state;

	proof_want_whole(path);
	proof_query(
	    path, "SELECT id, state FROM challenge", text, sizeof(text));
	while (*at != '\0') {
		id = strtoll(at, &at, 10);
		assert_int_equal(*at, '|');
		state = (int)strtol(at + 1, &at, 10);
		at += *at == '\n';
		count_row(load, id, state, &found);
	}
	assert_in_range(found.untold, 0, load->in_doubt);
	return found;
}

/* The service starts on the copy, is ready, and ends well. */
static struct found
open_copy(struct suite *suite, const struct load *load,
    const struct file *database, const struct file *log, size_t len)
{
	write_file(database, database->len);
	write_file(log, len);
	rig_restart(suite->rig, RIG_CHALLENGE_0);
	rig_await_ready(suite->rig);
	rig_end(suite->rig, RIG_CHALLENGE_0);
	return look(load, database->path);
}

/* Where the number-th of the cuts is, of the frames of the log in order. */
static size_t
cut_at(size_t number, size_t cuts, size_t frames)
{
	const size_t frame = number * frames / cuts;

	switch (number % 4) {
	case 0:
		return HEADER + frame * FRAME;
	case 1:
		return HEADER + frame * FRAME + 1;
	case 2:
		return HEADER + frame * FRAME + proof_random(FRAME);
	default:
		/* In the header of the whole log, at the start. */
		return number < 4 ? proof_random(HEADER)
				  : HEADER + frame * FRAME - 1;
	}
}

static void
log_cut_anywhere_opens_to_what_was_told_or_on_its_way(void **state)
{
	const size_t cuts = (size_t)proof_count(12, 1000);
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	/* Nothing expires while copies are opened. */
	struct key key = flow_key(suite->client, &account,
	    ",\"difficulty\":\"easy\",\"ttlSeconds\":3600");
	struct load *load = calloc(1, sizeof(*load));
	struct file database = { 0 }, log = { 0 };
	struct found found, before = { 0 };

	assert_non_null(load);
	load->client = client_new(rig_port(suite->rig));
	load->key = key.secret;
	load_until_killed(suite, load);
	read_file(suite, "challenge-0.db", &database);
	read_file(suite, "challenge-0.db-wal", &log);
	assert_in_range(log.len, HEADER + FRAME, HEADER + FRAMES_MAX * FRAME);
	for (size_t i = 0; i < cuts; i++) {
		found = open_copy(suite, load, &database, &log,
		    cut_at(i, cuts, (log.len - HEADER) / FRAME));
		if (i % 4 == 0) {
			assert_true(found.verdicts >= before.verdicts);
			assert_true(found.told + found.behind >=
			    before.told + before.behind);
			before = found;
		}
	}
	found = open_copy(suite, load, &database, &log, log.len);
	assert_int_equal(found.behind, 0);
	assert_int_equal(found.told + found.ahead, load->count);
	proof_say("G11: a log of %zu frames cut at %zu places, %" PRId64
		  " challenges acknowledged and %" PRId64
		  " creates on their way: each copy opened, was whole and held"
		  " nothing else; the whole log held all that was acknowledged",
	    (log.len - HEADER) / FRAME, cuts, (int64_t)load->count,
	    load->in_doubt);
	rig_restart(suite->rig, RIG_CHALLENGE_0);
	rig_await_ready(suite->rig);
	client_free(&load->client);
	free(load);
	free(database.bytes);
	free(log.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    log_cut_anywhere_opens_to_what_was_told_or_on_its_way),
	};

	return proof_end(
	    cmocka_run_group_tests(tests, suite_set_up, suite_tear_down));
}
