/*
 * The handler of ZAP, and the count of failed handshakes: see guard.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/guard.h"
#include "common/log.h"

#define ZAP_ENDPOINT   "inproc://zeromq.zap.01"
#define ZAP_DOMAIN     "aicaptcha"
#define ZAP_VERSION    "1.0"
#define WATCH_ENDPOINT "inproc://aic-guard"
#define REREAD_MS      1000
#define COMPLAIN_MS    10000 /* between two lines about strangers */
#define HANDSHAKE_MS   5000  /* far longer than the loop is ever busy */
#define ERROR_SIZE     512
#define ADDRESS_MAX    63
#define FAILURES                                  \
	(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |   \
	    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | \
	    ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

/* The frames of a request by ZAP, all of them text but the last. */
enum zap_frame {
	ZAP_FRAME_VERSION,
	ZAP_FRAME_REQUEST,
	ZAP_FRAME_DOMAIN,
	ZAP_FRAME_ADDRESS,
	ZAP_FRAME_IDENTITY,
	ZAP_FRAME_MECHANISM,
	ZAP_FRAME_KEY,
	ZAP_FRAMES,
};

struct guard {
	const char *directory;
	bool gateways_only;
	struct curve_list *list;
	int64_t read_ms; /* when the list was read */
	zsock_t *questions;
	zsock_t *failures;
	int64_t refused;
	int64_t told;	 /* of refused, in the log */
	int64_t told_ms; /* 0 for never */
	/* The last one who showed a key that is not on the list. */
	char address[ADDRESS_MAX + 1];
	char key[CURVE_TEXT_BYTES + 1];
};

struct guard *
guard_new(const char *directory, bool gateways_only)
{
	struct guard *guard = calloc(1, sizeof(*guard));
	char error[ERROR_SIZE] = "";

	if (guard == NULL)
		return NULL;
	guard->directory = directory;
	guard->gateways_only = gateways_only;
	guard->list = curve_list_load(
	    directory, gateways_only, error, sizeof(error));
	if (guard->list == NULL) {
		log_error(NULL, "curve_dir: %s", error);
		guard_free(&guard);
		return NULL;
	}
	guard->questions = zsock_new(ZMQ_REP);
	if (guard->questions == NULL ||
	    zsock_bind(guard->questions, "%s", ZAP_ENDPOINT) != 0) {
		log_error(NULL, "cannot guard the endpoint");
		guard_free(&guard);
	}
	return guard;
}

void
guard_free(struct guard **guardp)
{
	struct guard *guard = *guardp;

	if (guard == NULL)
		return;
	zsock_destroy(&guard->failures);
	zsock_destroy(&guard->questions);
	curve_list_free(&guard->list);
	free(guard);
	*guardp = NULL;
}

int
guard_protect(
    struct guard *guard, zsock_t *socket, const struct curve_pair *own)
{
	zsock_set_curve_server(socket, 1);
	zsock_set_curve_secretkey_bin(socket, own->secret_key);
	zsock_set_zap_domain(socket, ZAP_DOMAIN);
	zsock_set_handshake_ivl(socket, HANDSHAKE_MS);
	guard->failures = zsock_new(ZMQ_PAIR);
	if (guard->failures == NULL) {
		log_error(NULL, "cannot watch the endpoint");
		return -1;
	}
	/* ZeroMQ's thread blocks when its notes are not taken: let them wait
	 * without a bound, which the speed of handshakes gives. */
	zsock_set_rcvhwm(guard->failures, 0);
	if (zmq_socket_monitor(
		zsock_resolve(socket), WATCH_ENDPOINT, FAILURES) != 0 ||
	    zsock_connect(guard->failures, "%s", WATCH_ENDPOINT) != 0) {
		log_error(NULL, "cannot watch the endpoint");
		return -1;
	}
	return 0;
}

void
guard_leave(const struct guard *guard, zsock_t *socket)
{
	if (guard != NULL && socket != NULL)
		(void)zmq_socket_monitor(zsock_resolve(socket), NULL, 0);
}

zsock_t *
guard_questions(struct guard *guard)
{
	return guard->questions;
}

zsock_t *
guard_failures(struct guard *guard)
{
	return guard->failures;
}

/* -------- the list -------- */

static void
read_list(struct guard *guard, int64_t now_ms)
{
	struct curve_list *list = NULL;
	char error[ERROR_SIZE] = "";

	if (now_ms - guard->read_ms < REREAD_MS)
		return;
	guard->read_ms = now_ms;
	list = curve_list_load(
	    guard->directory, guard->gateways_only, error, sizeof(error));
	if (list == NULL) {
		log_warning(NULL,
		    "curve_dir: %s: the list of before stays in use", error);
		return;
	}
	curve_list_free(&guard->list);
	guard->list = list;
}

/* -------- questions -------- */

static zframe_t *
frame_of(zmsg_t *message, enum zap_frame which)
{
	zframe_t *frame = zmsg_first(message);

	for (int i = 0; i < (int)which; i++)
		frame = zmsg_next(message);
	return frame;
}

static bool
frame_is(zmsg_t *message, enum zap_frame which, const char *text)
{
	return zframe_streq(frame_of(message, which), text);
}

/* The name of who asks, or NULL for a stranger. */
static const char *
who_asks(struct guard *guard, zmsg_t *question)
{
	zframe_t *key = frame_of(question, ZAP_FRAME_KEY);
	zframe_t *address = frame_of(question, ZAP_FRAME_ADDRESS);
	const char *name = NULL;

	if (!frame_is(question, ZAP_FRAME_MECHANISM, "CURVE") ||
	    zframe_size(key) != CURVE_KEY_BYTES)
		return NULL;
	name = curve_list_find(guard->list, zframe_data(key));
	if (name == NULL) {
		(void)snprintf(guard->address, sizeof(guard->address), "%.*s",
		    (int)zframe_size(address),
		    (const char *)zframe_data(address));
		curve_format(zframe_data(key), guard->key);
	}
	return name;
}

/*
 * A stranger gets 300: ZeroMQ says nothing more to it and closes the connection
 * when the time for the handshake is over, which slows the next attempt down.
 * After 400 it would say so, and the other side's ZeroMQ would never come back,
 * not even when its key is on the list one day.
 */
static void
answer(struct guard *guard, zmsg_t *question)
{
	const char *name = who_asks(guard, question);
	zmsg_t *reply = zmsg_new();
	zframe_t *request = zframe_dup(frame_of(question, ZAP_FRAME_REQUEST));

	(void)zmsg_addstr(reply, ZAP_VERSION);
	(void)zmsg_append(reply, &request);
	(void)zmsg_addstr(reply, name != NULL ? "200" : "300");
	(void)zmsg_addstr(reply, name != NULL ? "OK" : "not on the list");
	(void)zmsg_addstr(reply, name != NULL ? name : "");
	(void)zmsg_addmem(reply, NULL, 0);
	if (zmsg_send(&reply, guard->questions) != 0)
		zmsg_destroy(&reply);
}

static void
answer_all(struct guard *guard, int64_t now_ms)
{
	zmsg_t *question = NULL;

	while ((zsock_events(guard->questions) & ZMQ_POLLIN) != 0) {
		question = zmsg_recv(guard->questions);
		if (question == NULL)
			return;
		read_list(guard, now_ms);
		/* It is ZeroMQ itself that asks; anything else has no answer,
		 * and its sender waits in vain. */
		if (zmsg_size(question) == ZAP_FRAMES &&
		    frame_is(question, ZAP_FRAME_VERSION, ZAP_VERSION))
			answer(guard, question);
		zmsg_destroy(&question);
	}
}

/* -------- failures -------- */

static void
complain(struct guard *guard, int64_t now_ms)
{
	if (guard->refused == guard->told ||
	    (guard->told_ms != 0 && now_ms - guard->told_ms < COMPLAIN_MS))
		return;
	if (guard->key[0] != '\0')
		log_warning(NULL,
		    "refused %lld connections; %s showed the key %s, which is "
		    "not among the %s in %s",
		    (long long)(guard->refused - guard->told), guard->address,
		    guard->key, guard->gateways_only ? "gateways" : "keys",
		    guard->directory);
	else
		log_warning(NULL,
		    "refused %lld connections that did not show a key for this "
		    "service",
		    (long long)(guard->refused - guard->told));
	guard->told = guard->refused;
	guard->told_ms = now_ms;
	guard->key[0] = '\0';
}

void
guard_work(struct guard *guard, int64_t now_ms)
{
	zmsg_t *note = NULL;

	answer_all(guard, now_ms);
	while ((zsock_events(guard->failures) & ZMQ_POLLIN) != 0) {
		note = zmsg_recv(guard->failures);
		if (note == NULL)
			break;
		zmsg_destroy(&note);
		guard->refused++;
	}
	complain(guard, now_ms);
}

int64_t
guard_refused(const struct guard *guard)
{
	return guard->refused;
}
