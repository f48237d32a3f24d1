/*
 * Backups of a system that goes on working, and what is there after they were
 * brought back: all that was acknowledged before, counted once.
 */
#include <czmq.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/codec.h"
#include "tests/e2e/load.h"
#include "tests/e2e/suite.h"

#define SHARDS	     2
#define THREADS	     4
#define SOME	     60 /* challenges of load */
#define OPEN	     10 /* challenges that nobody answers before the backup */
#define CAUGHT_UP_MS (INT64_C(15000) * RIG_SLACK)
#define COPIED_MS    (INT64_C(15000) * RIG_SLACK)
#define TEXT_SIZE    1024

static const enum rig_process services[] = { RIG_ANALYTICS, RIG_CHALLENGE_0,
	RIG_CHALLENGE_1, RIG_AUTH };
static const char *const files[] = { "analytics.db", "challenge-0.db",
	"challenge-1.db", "auth.db" };

#define SERVICES (sizeof(services) / sizeof(services[0]))

static int
set_up(void **state)
{
	static const char *const settings[] = { "AIC_CHALLENGE_SHARDS=2",
		"AIC_REQUEST_TIMEOUT_MS=20000", NULL };

	return suite_start(state, settings);
}

/* -------- load and its ledger -------- */

static void
await_created(const struct load *load, int64_t count)
{
	const int64_t end = rig_deadline(CAUGHT_UP_MS);

	while (load_created(load) < count)
		rig_look_again(end, "challenges to be created");
}

static void
add(struct ledger *sum, const struct ledger *ledger)
{
	if (ledger->unexpected[0] != '\0')
		fail_msg("%s", ledger->unexpected);
	assert_int_equal(ledger->created_in_doubt, 0);
	sum->created += ledger->created;
	sum->solved += ledger->solved;
	sum->incorrect += ledger->incorrect;
	sum->redeemed += ledger->redeemed;
}

/* A while of load; what came of it is added. */
static void
work(struct suite *suite, const char *key, struct ledger *sum)
{
	struct load *load = load_start(rig_port(suite->rig), key, THREADS);
	struct ledger ledger;

	await_created(load, SOME);
	ledger = load_stop(&load);
	add(sum, &ledger);
}

/* -------- totals -------- */

/* Rows that wait in all outboxes, or -1. */
static int64_t
outbox_rows(struct suite *suite)
{
	const struct reply *reply = client_send(
	    suite->client, &(struct request){ .path = "/metrics" });
	const char *at = reply->body;
	int64_t rows = 0;
	size_t found = 0;

	want_status(reply, 200);
	while ((at = strstr(at, "\naic_service_outbox_rows{")) != NULL) {
		at = strchr(at + 1, ' ');
		assert_non_null(at);
		rows += strtoll(at, NULL, 10);
		found++;
	}
	return found >= SERVICES - 1 ? rows : -1;
}

/* The account's totals, once everything that waits is counted. */
static struct ledger
totals(struct suite *suite, const char *jwt)
{
	const int64_t end = rig_deadline(CAUGHT_UP_MS);
	const struct reply *reply = NULL;
	struct ledger ledger = { 0 };

	while (outbox_rows(suite) != 0)
		rig_look_again(end, "the outboxes to be empty");
	reply = flow_overview(suite->client, jwt);
	want_status(reply, 200);
	ledger.created = want_integer(reply, "totals.challenges");
	ledger.solved = want_integer(reply, "totals.solved");
	ledger.incorrect = want_integer(reply, "totals.incorrect");
	ledger.redeemed = want_integer(reply, "totals.siteverified");
	assert_int_equal(want_integer(reply, "totals.expired"), 0);
	print_message("totals: %" PRId64 " created, %" PRId64
		      " solved, %" PRId64 " incorrect, %" PRId64 " redeemed\n",
	    ledger.created, ledger.solved, ledger.incorrect, ledger.redeemed);
	return ledger;
}

static void
want_totals(struct suite *suite, const char *jwt, const struct ledger *wanted)
{
	struct ledger shown = totals(suite, jwt);

	assert_int_equal(shown.created, wanted->created);
	assert_int_equal(shown.solved, wanted->solved);
	assert_int_equal(shown.incorrect, wanted->incorrect);
	assert_int_equal(shown.redeemed, wanted->redeemed);
}

/* -------- the scripts -------- */

/* Runs deploy/NAME with an argument; its exit status. */
static int
run(struct suite *suite, const char *name, const char *argument)
{
	const struct rig *rig = suite->rig;
	char *const arguments[] = { (char *)client_text(suite->client,
					"%s/deploy/%s", AIC_SOURCE_DIR, name),
		(char *)argument, NULL };
	char *const environment[] = { (char *)client_text(suite->client,
					  "PATH=%s", getenv("PATH")),
		(char *)"AIC_BIN_DIR=" AIC_BIN_DIR,
		(char *)client_text(
		    suite->client, "AIC_DATA_DIR=%s/d", rig_dir(rig)),
		(char *)"AIC_CHALLENGE_SHARDS=2",
		(char *)client_text(suite->client, "AIC_ANALYTICS_ENDPOINT=%s",
		    rig_endpoint(rig, RIG_ANALYTICS)),
		(char *)client_text(suite->client, "AIC_AUTH_ENDPOINT=%s",
		    rig_endpoint(rig, RIG_AUTH)),
		(char *)client_text(suite->client,
		    "AIC_CHALLENGE_ENDPOINTS=%s,%s",
		    rig_endpoint(rig, RIG_CHALLENGE_0),
		    rig_endpoint(rig, RIG_CHALLENGE_1)),
		NULL };
	pid_t child;
	int status;

	fflush(NULL);
	assert_int_equal(posix_spawn(&child, arguments[0], NULL, NULL,
			     arguments, environment),
	    0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static const char *
path_of(struct suite *suite, const char *name)
{
	return client_text(suite->client, "%s/%s", rig_dir(suite->rig), name);
}

/* As auth-svc does when it is killed while it writes a key. */
static void
leave_a_part_of_a_key(struct suite *suite)
{
	const int fd = open(path_of(suite, "d/secrets/jwt-current.key.Ab12Xy"),
	    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_int_not_equal(fd, -1);
	close(fd);
}

static void
end_all(struct suite *suite)
{
	for (int i = RIG_PROCESSES - 1; i >= 0; i--)
		rig_end(suite->rig, (enum rig_process)i);
}

static void
start_all(struct suite *suite)
{
	for (int i = 0; i < RIG_PROCESSES; i++)
		rig_restart(suite->rig, (enum rig_process)i);
	rig_await_ready(suite->rig);
}

static void
want_private(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void
backup_under_load_brings_everything_back(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct account later;
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const char *backup = path_of(suite, "backup");
	struct challenge open[OPEN];
	const struct reply *reply = NULL;
	struct ledger ledger, shown;
	struct load *load = NULL;
	int64_t before, after;

	leave_a_part_of_a_key(suite);
	for (size_t i = 0; i < OPEN; i++)
		open[i] = flow_challenge(suite->client, key.secret);
	load = load_start(rig_port(suite->rig), key.secret, THREADS);
	await_created(load, SOME);
	before = load_created(load);
	assert_int_equal(run(suite, "backup", backup), 0);
	after = load_created(load);
	await_created(load, after + SOME);
	ledger = load_stop(&load);
	add(&(struct ledger){ 0 }, &ledger);
	later = flow_account(suite->client);
	want_private(backup, 0700);
	want_private(path_of(suite, "backup/auth.db"), 0600);
	want_private(path_of(suite, "backup/MANIFEST"), 0600);
	want_private(path_of(suite, "backup/secrets/jwt-current.key"), 0600);

	/* Not over a system that runs, and it runs on. */
	assert_int_equal(run(suite, "restore", backup), 1);
	(void)flow_verified(suite->client, key.secret);
	end_all(suite);
	assert_int_equal(run(suite, "restore", backup), 0);
	start_all(suite);

	/* The sign-in, the password, and the key work as before. */
	shown = totals(suite, account.jwt);
	want_status(
	    flow_login(suite->client, account.email, FLOW_PASSWORD), 200);
	want_status(flow_login(suite->client, later.email, FLOW_PASSWORD), 401);
	/*
	 * Each shard's copy is of a moment while the backup was made. A thread
	 * has one challenge open at a moment, so one at most in each copy.
	 */
	assert_in_range(shown.created, before + OPEN, after + OPEN + THREADS);
	assert_in_range(shown.created - shown.solved - shown.incorrect, OPEN,
	    OPEN + SHARDS * THREADS);
	/* Who was not answered then can be answered now, once. */
	for (size_t i = 0; i < OPEN; i++) {
		reply = flow_verify(
		    suite->client, key.secret, open[i].token, open[i].answer);
		want_status(reply, 200);
		assert_true(want_boolean(reply, "success"));
		shown.solved++;
		reply = flow_verify(
		    suite->client, key.secret, open[i].token, open[i].answer);
		assert_false(want_boolean(reply, "success"));
	}
	work(suite, key.secret, &shown);
	want_totals(suite, account.jwt, &shown);
}

static void
flip_byte(const char *path)
{
	char byte;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, 5000), 1);
	byte = (char)(byte ^ 1);
	assert_int_equal(pwrite(fd, &byte, 1, 5000), 1);
	(void)close(fd);
}

/* And what is there is as it was. */
static void
damaged_or_unfinished_backup_is_refused(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	const char *backup = path_of(suite, "bad");
	const char *manifest = path_of(suite, "bad/MANIFEST");

	assert_int_equal(run(suite, "backup", backup), 0);
	assert_int_equal(run(suite, "backup", backup), 1); /* it exists */
	end_all(suite);
	flip_byte(path_of(suite, "bad/challenge-1.db"));
	assert_int_equal(run(suite, "restore", backup), 1);
	flip_byte(path_of(suite, "bad/challenge-1.db"));
	assert_int_equal(unlink(manifest), 0);
	assert_int_equal(run(suite, "restore", backup), 1);
	start_all(suite);
	want_status(
	    flow_login(suite->client, account.email, FLOW_PASSWORD), 200);
}

static void
backup_without_a_service_is_none(void **state)
{
	struct suite *suite = *state;
	struct stat st;

	rig_kill(suite->rig, RIG_CHALLENGE_1);
	assert_int_equal(run(suite, "backup", path_of(suite, "none")), 1);
	assert_int_equal(stat(path_of(suite, "none/MANIFEST"), &st), -1);
	rig_mend(suite->rig);
}

/* -------- the messages, one at a time -------- */

/* Asks a service; true for a reply, false for a failure. */
static bool
ask(struct suite *suite, enum rig_process process, enum proto_message message,
    const void *request, void *reply)
{
	const struct proto_message_info *info = proto_message_find(message);
	struct proto_header header = { .kind = PROTO_FRAME_REQUEST,
		.message = message };
	struct proto_buf buffer = { 0 };
	struct proto_frame frame;
	zsock_t *socket = zsock_new(ZMQ_DEALER);
	zframe_t *bytes = NULL;
	const uint8_t *data = NULL;
	size_t len;
	bool is_reply;

	assert_non_null(socket);
	zsock_set_linger(socket, 0);
	zsock_set_rcvtimeo(socket, (int)COPIED_MS);
	assert_int_equal(
	    zsock_connect(socket, "%s", rig_endpoint(suite->rig, process)), 0);
	assert_int_equal(
	    proto_frame_append(&buffer, &header, info->request, request), 0);
	bytes = zframe_new(buffer.data, buffer.len);
	assert_int_equal(zframe_send(&bytes, socket, 0), 0);
	bytes = zframe_recv(socket);
	assert_non_null(bytes);
	data = zframe_data(bytes);
	len = zframe_size(bytes);
	assert_int_equal(proto_frame_next(&frame, &data, &len), 1);
	is_reply = frame.header.kind == PROTO_FRAME_REPLY;
	if (is_reply)
		assert_null(proto_decode(
		    info->reply, reply, frame.body, frame.body_len));
	zframe_destroy(&bytes);
	zsock_destroy(&socket);
	proto_buf_free(&buffer);
	return is_reply;
}

static void
copy(struct suite *suite, size_t which, const struct backup_ticket *ticket)
{
	const int64_t end = rig_deadline(COPIED_MS);
	struct backup_state backup = { 0 };

	for (;;) {
		assert_true(
		    ask(suite, services[which], MSG_BACKUP, ticket, &backup));
		if (backup.done)
			break;
		rig_look_again(end, "the copy");
	}
	assert_string_equal(backup.file, files[which]);
}

/* Puts a copy in the database's place, as deploy/restore does. */
static void
put_back(struct suite *suite, size_t which)
{
	const char *place = client_text(
	    suite->client, "%s/d/%s", rig_dir(suite->rig), files[which]);
	int fd;

	if (services[which] != RIG_ANALYTICS) {
		fd = open(client_text(suite->client, "%s.restored", place),
		    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		assert_true(fd >= 0);
		(void)close(fd);
	}
	(void)unlink(client_text(suite->client, "%s-wal", place));
	assert_int_equal(rename(client_text(suite->client, "%s/d/backup/%s",
				    rig_dir(suite->rig), files[which]),
			     place),
	    0);
}

/*
 * What happens between the copy of analytics-svc and those of the others is in
 * the backup as well: all of it was counted meanwhile, and none of it twice.
 */
static void
copies_are_of_one_moment(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	struct backup_ticket tickets[SERVICES];
	const struct empty nothing = { 0 };
	struct ledger ledger = { 0 }, rest = { 0 };

	work(suite, key.secret, &ledger);
	for (size_t i = 0; i < SERVICES; i++)
		assert_true(ask(suite, services[i], MSG_BACKUP_PREPARE,
		    &nothing, &tickets[i]));
	copy(suite, 0, &tickets[0]);
	work(suite, key.secret, &ledger);
	want_totals(suite, account.jwt, &ledger);
	for (size_t i = 1; i < SERVICES; i++)
		copy(suite, i, &tickets[i]);
	work(suite, key.secret, &rest);

	end_all(suite);
	for (size_t i = 0; i < SERVICES; i++)
		put_back(suite, i);
	start_all(suite);
	want_totals(suite, account.jwt, &ledger);
	work(suite, key.secret, &ledger);
	want_totals(suite, account.jwt, &ledger);
}

/* One database alone is older than analytics.db: what it had told before is
 * not counted again, and what it tells from now on is. */
static void
database_brought_back_alone_counts_on(void **state)
{
	struct suite *suite = *state;
	struct account account = flow_account(suite->client);
	struct key key = flow_key(
	    suite->client, &account, ",\"difficulty\":\"easy\"");
	const struct empty nothing = { 0 };
	struct backup_ticket ticket;
	struct ledger ledger = { 0 };

	work(suite, key.secret, &ledger);
	assert_true(
	    ask(suite, services[1], MSG_BACKUP_PREPARE, &nothing, &ticket));
	/* Acknowledged, and kept: it is in the copy's outbox. */
	work(suite, key.secret, &ledger);
	want_totals(suite, account.jwt, &ledger);
	copy(suite, 1, &ticket);
	work(suite, key.secret, &ledger);
	want_totals(suite, account.jwt, &ledger);

	rig_end(suite->rig, services[1]);
	put_back(suite, 1);
	rig_restart(suite->rig, services[1]);
	rig_await_ready(suite->rig);
	want_totals(suite, account.jwt, &ledger);
	work(suite, key.secret, &ledger);
	want_totals(suite, account.jwt, &ledger);
}

static void
ticket_of_another_backup_is_refused(void **state)
{
	struct suite *suite = *state;
	const struct empty nothing = { 0 };
	struct backup_ticket first, second;
	struct backup_state answer;

	for (size_t i = 0; i < SERVICES; i++) {
		assert_true(ask(
		    suite, services[i], MSG_BACKUP_PREPARE, &nothing, &first));
		assert_true(ask(
		    suite, services[i], MSG_BACKUP_PREPARE, &nothing, &second));
		assert_false(
		    ask(suite, services[i], MSG_BACKUP, &first, &answer));
		copy(suite, i, &second);
	}
}

#define unit(test) cmocka_unit_test(test)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(backup_under_load_brings_everything_back),
		unit(damaged_or_unfinished_backup_is_refused),
		unit(backup_without_a_service_is_none),
		unit(copies_are_of_one_moment),
		unit(database_brought_back_alone_counts_on),
		unit(ticket_of_another_backup_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, suite_tear_down);
}
