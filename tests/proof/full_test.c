/*
 * G10: a disk that is full, for real: a small file system of its own, mounted
 * where nobody else sees it, with a file that takes the rest of the room.
 *
 * While it is full, what finds no room is refused with 503, what only reads is
 * answered, and every process lives; one that starts meanwhile does so, too.
 * Once there is room again, all goes on by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/suite.h"
#include "tests/proof/proof.h"

#define ROOM	     "size=96m" /* for the logs of all services, full length */
#define BLOCK	     4096
#define KEPT	     10 /* challenges from before */
#define FILLS_MS     (INT64_C(30000) * RIG_SLACK)
#define RESUMES_MS   (INT64_C(5000) * RIG_SLACK)
#define CAUGHT_UP_MS (INT64_C(20000) * RIG_SLACK)

static char mounted[] = "/tmp/aic-full-XXXXXX";
static char filler[sizeof(mounted) + 16];
static bool is_mounted;

/* Another user than root gets a user namespace as well. */
static bool
mount_small_disk(void)
{
	const int spaces = geteuid() == 0 ? CLONE_NEWNS
					  : CLONE_NEWNS | CLONE_NEWUSER;

	if (mkdtemp(mounted) == NULL || unshare(spaces) != 0 ||
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", mounted, "tmpfs", MS_NODEV | MS_NOSUID, ROOM) != 0) {
		print_message("no small disk: %s\n", strerror(errno));
		return false;
	}
	return true;
}

static int
set_up(void **state)
{
	/* Nothing that is looked for here is a matter of time. */
	static const char *const settings[] = { "AIC_REQUEST_TIMEOUT_MS=20000",
		NULL };

	is_mounted = mount_small_disk();
	if (!is_mounted)
		return 0;
	snprintf(filler, sizeof(filler), "%s/filler", mounted);
	assert_int_equal(setenv("TMPDIR", mounted, 1), 0);
	return suite_start(state, settings);
}

static int
tear_down(void **state)
{
	int result = 0;

	if (is_mounted) {
		result = suite_tear_down(state);
		(void)umount(mounted);
	}
	(void)rmdir(mounted);
	return result;
}

/* Takes all the room that is left. */
static void
fill_disk(void)
{
	static const char block[BLOCK];
	ssize_t n;
	int fd;

	fd = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_int_not_equal(fd, -1);
	do
		n = write(fd, block, sizeof(block));
	while (n > 0);
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void
make_room(void)
{
	assert_int_equal(unlink(filler), 0);
}

struct kept {
	struct account account;
	struct key key;
	struct challenge open[KEPT];
	const char *solved[KEPT];
	bool verified[KEPT]; /* after all, while the disk was full */
	bool redeemed[KEPT];
};

static void
keep(struct client *client, struct kept *kept)
{
	memset(kept, 0, sizeof(*kept));
	kept->account = flow_account(client);
	kept->key = flow_key(
	    client, &kept->account, ",\"difficulty\":\"easy\"");
	for (int i = 0; i < KEPT; i++) {
		kept->open[i] = flow_challenge(client, kept->key.secret);
		kept->solved[i] = flow_verified(client, kept->key.secret);
	}
}

/*
 * True when a write was refused, as it should be. It may succeed all the same:
 * once there is no room, a log is copied to pages that the database has left,
 * and begun anew in its old place.
 */
static bool
is_refused(struct suite *suite, const struct reply *reply)
{
	if (reply->status == 200 || reply->status == 201)
		return false;
	want_problem(suite->client, reply, 503, "service-unavailable", NULL);
	assert_non_null(reply_header(suite->client, reply, "Retry-After"));
	return true;
}

static void
fill_until_refused(struct suite *suite, const char *key)
{
	const int64_t end = rig_deadline(FILLS_MS);

	do {
		rig_look_again(end, "the disk to be full");
		client_forget(suite->client);
		fill_disk();
	} while (!is_refused(suite, flow_create(suite->client, key)));
}

/* Writes of every kind, and reads. */
static int64_t
look_while_full(struct suite *suite, struct kept *kept)
{
	const char *key = kept->key.secret;
	const struct reply *reply = NULL;
	int64_t refused = 1;

	fill_until_refused(suite, key);
	for (int i = 0; i < KEPT; i++) {
		refused += is_refused(suite, flow_create(suite->client, key));
		if (!kept->verified[i]) {
			reply = flow_verify(suite->client, key,
			    kept->open[i].token, kept->open[i].answer);
			kept->verified[i] = !is_refused(suite, reply);
			refused += !kept->verified[i];
		}
		if (!kept->redeemed[i]) {
			reply = flow_siteverify(
			    suite->client, key, kept->solved[i]);
			kept->redeemed[i] = !is_refused(suite, reply);
			refused += !kept->redeemed[i];
		}
	}
	refused += is_refused(suite,
	    flow_login(suite->client, kept->account.email, FLOW_PASSWORD));
	refused += is_refused(suite,
	    client_send(suite->client,
		&(struct request){ .path = "/api/v1/api-keys",
		    .jwt = kept->account.jwt,
		    .body = "{\"name\":\"too late\"}" }));
	want_status(client_send(suite->client,
			&(struct request){ .path = "/api/v1/auth/me",
			    .jwt = kept->account.jwt }),
	    200);
	want_status(flow_overview(suite->client, kept->account.jwt), 200);
	client_forget(suite->client);
	return refused;
}

static void
want_the_same_processes(struct suite *suite)
{
	for (int i = RIG_ANALYTICS; i < RIG_PROCESSES; i++) {
		if (i != RIG_CHALLENGE_1)
			assert_true(rig_runs(suite->rig, (enum rig_process)i));
	}
}

static void
await_resumed(struct suite *suite, const struct kept *kept)
{
	const int64_t end = rig_deadline(RESUMES_MS);

	while (flow_create(suite->client, kept->key.secret)->status != 200)
		rig_look_again(end, "challenges to be made again");
	while (flow_login(suite->client, kept->account.email, FLOW_PASSWORD)
		   ->status != 200)
		rig_look_again(end, "sign-ins to be made again");
}

/* Everything from before is as it was, and to be had once. */
static void
want_kept(struct suite *suite, const struct kept *kept)
{
	const char *key = kept->key.secret;
	const struct reply *reply = NULL;
	const int64_t end = rig_deadline(CAUGHT_UP_MS);

	for (int i = 0; i < KEPT; i++) {
		reply = flow_verify(suite->client, key, kept->open[i].token,
		    kept->open[i].answer);
		want_status(reply, 200);
		assert_int_equal(
		    want_boolean(reply, "success"), !kept->verified[i]);
		reply = flow_siteverify(suite->client, key, kept->solved[i]);
		want_status(reply, 200);
		assert_int_equal(
		    want_boolean(reply, "success"), !kept->redeemed[i]);
	}
	for (;;) {
		reply = flow_overview(suite->client, kept->account.jwt);
		want_status(reply, 200);
		if (want_integer(reply, "totals.siteverified") == KEPT)
			break;
		rig_look_again(end, "the events to be counted");
	}
	assert_int_equal(want_integer(reply, "totals.solved"), 2 * KEPT);
}

static void
full_disk_refuses_writes_and_resumes_by_itself(void **state)
{
	static const enum rig_process services[] = { RIG_CHALLENGE_0, RIG_AUTH,
		RIG_ANALYTICS };
	const int64_t rounds = proof_count(2, 40);
	struct suite *suite = *state;
	struct client *keeper = NULL;
	struct kept kept;
	int64_t refused = 0;

	if (!is_mounted)
		skip();
	for (int64_t round = 0; round < rounds; round++) {
		keeper = client_new(rig_port(suite->rig));
		keep(keeper, &kept);
		refused += look_while_full(suite, &kept);
		/* Every other time, all services start while it is full. */
		for (size_t i = 0; round % 2 == 1 && i < 3; i++) {
			rig_kill(suite->rig, services[i]);
			rig_restart(suite->rig, services[i]);
		}
		rig_await_ready(suite->rig);
		refused += look_while_full(suite, &kept);
		want_the_same_processes(suite);
		make_room();
		await_resumed(suite, &kept);
		want_kept(suite, &kept);
		client_free(&keeper);
	}
	proof_say(
	    "G10: disk full %" PRId64 " times: %" PRId64
	    " writes refused, each with 503, reads answered, no process"
	    " ended, also when started on the full disk; resumed by itself"
	    " each time, 0 of %" PRId64 " challenges and tokens lost",
	    rounds, refused, rounds * 2 * KEPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    full_disk_refuses_writes_and_resumes_by_itself),
	};

	return proof_end(cmocka_run_group_tests(tests, set_up, tear_down));
}
