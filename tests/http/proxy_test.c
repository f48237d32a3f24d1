/*
 * The same requests through nginx and haproxy, set up like their samples in
 * deploy/: what a proxy passes on is answered once, and both sides agree where
 * each request ends. Nobody else gets an answer of it, and nothing that was
 * smuggled in is ever answered.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/http/cases.h"
#include "tests/http/counters.h"
#include "tests/http/proxy.h"
#include "tests/http/wire.h"

#define ANSWER_MS (INT64_C(10000) * RIG_SLACK)
#define AGREE_MS  (INT64_C(2000) * RIG_SLACK)

#define H   "Host: captcha.example.com\r\n"
#define GET "GET /healthz HTTP/1.1\r\n" H "\r\n"
#define ME  "GET /api/v1/auth/me HTTP/1.1\r\n" H "\r\n"

struct front {
	struct suite *suite;
	enum proxy_kind kind;
	struct proxy *proxy;
	struct cases *cases;
};

static struct front front;

static int
set_up(void **state, enum proxy_kind kind)
{
	if (suite_set_up(state) != 0)
		return -1;
	front.suite = *state;
	front.kind = kind;
	front.cases = cases_read(AIC_SOURCE_DIR "/tests/http/requests.txt");
	front.proxy = proxy_start(kind, rig_port(front.suite->rig));
	return 0;
}

static int
set_up_nginx(void **state)
{
	return set_up(state, PROXY_NGINX);
}

static int
set_up_haproxy(void **state)
{
	return set_up(state, PROXY_HAPROXY);
}

static int
tear_down(void **state)
{
	int result = proxy_stop(&front.proxy);

	cases_free(&front.cases);
	return suite_tear_down(state) == 0 ? result : -1;
}

/* -------- an honest client -------- */

/* Asks on a connection of its own; returns what is wrong, NULL for nothing. */
static const char *
ask(const char *request, int status)
{
	struct wire *wire = wire_open(proxy_tls_port(front.proxy), true);
	const char *why = NULL;
	struct answer answer;

	(void)wire_send(wire, request, strlen(request), false);
	if (wire_await(wire, false, ANSWER_MS, &answer, &why)) {
		if (answer.status != status || !answer.is_ours)
			why =
			    "another client got an answer that is not its own";
		else if (wire_left(wire) > 0)
			why = "another client got more than its answer";
	}
	wire_close(&wire);
	return why;
}

#define HONEST 2 /* requests of ask_honestly */

/*
 * Two requests that differ in their answers. The proxy and the gateway each
 * have one event loop: once the second is answered, what was sent before the
 * first has been passed on, if it ever is, and answered.
 */
static const char *
ask_honestly(void)
{
	const char *why = ask(GET, 200);

	return why != NULL ? why : ask(ME, 401);
}

/* -------- one case -------- */

struct run {
	struct wire *wire;
	bool ended;
	bool is_head;
	int64_t answers; /* that came back, from whomever */
	int64_t ours;	 /* those of them that the gateway gave */
	int64_t wanted;	 /* answers to what is well-formed */
	int64_t honest;	 /* requests of honest clients meanwhile */
	const char *why; /* what is wrong, NULL when nothing is */
};

/* Takes what has come, without waiting. */
static void
take_answers(struct run *run)
{
	enum wire_news news = run->ended ? WIRE_SILENCE : WIRE_BYTES;
	struct answer answer;

	while (news == WIRE_BYTES)
		news = wire_listen(run->wire, 0);
	while (wire_take(run->wire, run->is_head, &answer)) {
		run->answers += answer.status >= 200;
		run->ours += answer.status >= 200 && answer.is_ours;
	}
	if (news == WIRE_SILENCE)
		return;
	run->ended = true;
	/* nginx speaks HTTP/0.9, whose answer is a body without a head. */
	if (wire_left(run->wire) > 0)
		run->ours++;
}

static void
send_step(struct run *run, const struct step *step)
{
	run->is_head = step->len > 4 && memcmp(step->bytes, "HEAD", 4) == 0;
	/* What is refused early need not be taken to its end. */
	(void)wire_send(
	    run->wire, step->bytes, step->len, step->kind == STEP_DRIP);
	run->why = ask_honestly();
	run->honest += HONEST;
	take_answers(run);
}

/* A well-formed request is answered, by whomever. */
static void
await_answer(struct run *run)
{
	const int64_t end = rig_deadline(ANSWER_MS);

	run->wanted++;
	while (!run->ended && run->answers < run->wanted) {
		rig_look_again(end, "the answer to a well-formed request");
		take_answers(run);
	}
}

static void
do_step(struct run *run, const struct step *step)
{
	switch (step->kind) {
	case STEP_SEND:
	case STEP_DRIP:
		send_step(run, step);
		break;
	case STEP_ANSWERED:
		await_answer(run);
		break;
	/* What a proxy makes of these is its own affair. */
	case STEP_END:
	case STEP_HOLD:
	case STEP_REFUSED:
	case STEP_CONTINUE:
		break;
	}
}

/*
 * A proxy may refuse a request by itself, or make a better one of it. Whatever
 * it does, the gateway has answered as many requests as answers came back; the
 * last of them may be on its way.
 */
static void
compare(struct run *run, const struct counters *before, struct counters *after)
{
	const int64_t end = rig_deadline(AGREE_MS);
	int64_t given;

	for (;;) {
		*after = counters_read(front.suite);
		take_answers(run);
		given = after->handled - before->handled - run->honest +
		    after->refused - before->refused;
		if (given == run->ours || rig_now_ms() > end)
			break;
	}
	if (after->smuggled != before->smuggled)
		run->why = "a smuggled request was answered";
	else if (given != run->ours)
		run->why = "the two sides disagree";
	if (run->why != NULL)
		printf("the gateway has given %lld answers, %lld came back\n",
		    (long long)given, (long long)run->ours);
}

static bool
run_case(const struct request_case *what, struct counters *counters)
{
	struct counters before = *counters;
	struct run run = { 0 };

	run.wire = wire_open(proxy_tls_port(front.proxy), true);
	for (size_t i = 0; i < what->count && run.why == NULL && !run.ended;
	     i++)
		do_step(&run, &what->steps[i]);
	if (run.why == NULL)
		compare(&run, &before, counters);
	wire_close(&run.wire);
	if (run.why == NULL)
		run.why = ask_honestly();
	*counters = counters_read(front.suite);
	if (run.why != NULL)
		printf("%s: %s\n", what->name, run.why);
	return run.why == NULL;
}

static void
both_sides_agree_where_each_request_ends(void **state)
{
	struct counters counters = counters_read(*state);
	const int64_t refused = counters.refused;
	size_t wrong = 0;

	for (size_t i = 0; i < front.cases->count; i++)
		wrong += !run_case(&front.cases->list[i], &counters);
	printf("%zu cases; the gate refused %lld of what was passed on\n",
	    front.cases->count, (long long)(counters.refused - refused));
	if (wrong > 0)
		fail_msg("%zu of %zu cases", wrong, front.cases->count);
}

/* -------- what else the samples promise -------- */

/* One request on a connection of its own. */
static struct answer
exchange(uint16_t port, bool tls, const char *request)
{
	struct wire *wire = wire_open(port, tls);
	const char *why = NULL;
	struct answer answer;

	(void)wire_send(wire, request, strlen(request), false);
	if (!wire_await(wire, false, ANSWER_MS, &answer, &why))
		fail_msg("%s", why);
	wire_close(&wire);
	return answer;
}

static void
metrics_are_not_for_the_world(void **state)
{
	struct answer answer = exchange(proxy_tls_port(front.proxy), true,
	    "GET /metrics HTTP/1.1\r\n" H "\r\n");

	(void)state;
	assert_int_equal(answer.status, 404);
	assert_false(answer.is_ours);
}

static void
plain_http_is_sent_to_tls(void **state)
{
	struct answer answer = exchange(
	    proxy_plain_port(front.proxy), false, GET);

	(void)state;
	assert_in_range(answer.status, 301, 302);
	assert_false(answer.is_ours);
}

/* The API reference tells what becomes of it: a 401 is a handler's. */
static void
body_of_unknown_length_is_given_one_by_nginx(void **state)
{
	struct answer answer = exchange(proxy_tls_port(front.proxy), true,
	    "POST /api/v2/challenges/verify HTTP/1.1\r\n" H
	    "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");

	(void)state;
	assert_true(answer.is_ours);
	assert_int_equal(answer.status, front.kind == PROXY_NGINX ? 401 : 400);
}

#define SIGN_UP(host, origin, body)                                        \
	"POST /api/v1/session/register HTTP/1.1\r\nHost: " host "\r\n"     \
	"Origin: https://" origin "\r\nContent-Type: application/json\r\n" \
	"Content-Length: 59\r\n\r\n" body
#define ACCOUNT	 "{\"email\":\"a@example.com\",\"password\":\"" PASSWORD "\"}"
#define SECOND	 "{\"email\":\"b@example.com\",\"password\":\"" PASSWORD "\"}"
#define PASSWORD "a long enough phrase"

/* Both pass on the host and the port that the page was asked from. */
static void
own_pages_are_told_from_others(void **state)
{
	static const struct {
		const char *request;
		int status;
	} cases[] = {
		{ SIGN_UP("captcha.example.com", "evil.example", ACCOUNT),
		    403 },
		{ SIGN_UP("captcha.example.com:8443", "captcha.example.com",
		      ACCOUNT),
		    403 },
		{ SIGN_UP("captcha.example.com:8443",
		      "captcha.example.com:8443", ACCOUNT),
		    201 },
		{ SIGN_UP(
		      "captcha.example.com", "captcha.example.com", ACCOUNT),
		    409 },
	};
	const uint16_t port = proxy_tls_port(front.proxy);
	struct answer answer;

	(void)state;
	assert_int_equal(strlen(ACCOUNT), 59);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		answer = exchange(port, true, cases[i].request);
		assert_true(answer.is_ours);
		assert_int_equal(answer.status, cases[i].status);
	}
}

#define ONLY_HERE "; Path=/; Secure; HttpOnly; SameSite=Strict; "

/* A browser's GET: with all that it sends, more fields than Kore holds. */
static int
status_of_browser(uint16_t port, const struct answer *session, const char *site)
{
	char request[4096];

	(void)snprintf(request, sizeof(request),
	    "GET /api/v1/auth/me HTTP/1.1\r\n" H
	    "Connection: keep-alive\r\nPragma: no-cache\r\n"
	    "Cache-Control: no-cache\r\nSec-CH-UA: \"Chromium\"\r\n"
	    "Sec-CH-UA-Mobile: ?0\r\nSec-CH-UA-Platform: \"Linux\"\r\n"
	    "DNT: 1\r\nSec-GPC: 1\r\nUser-Agent: Mozilla/5.0\r\n"
	    "Accept: */*\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-User: ?1\r\n"
	    "Sec-Fetch-Dest: empty\r\nUpgrade-Insecure-Requests: 1\r\n"
	    "Referer: https://captcha.example.com/\r\n"
	    "Accept-Encoding: gzip, br\r\nAccept-Language: en\r\n"
	    "Priority: u=1, i\r\nIf-None-Match: \"x\"\r\nX-A: 1\r\nX-B: 2\r\n"
	    "Cookie: a=b; %.*s; c=d\r\nSec-Fetch-Site: %s\r\n\r\n",
	    (int)strcspn(session->set_cookie, ";"), session->set_cookie, site);
	return exchange(port, true, request).status;
}

static void
session_of_an_own_page_works_through_both(void **state)
{
	const uint16_t port = proxy_tls_port(front.proxy);
	const struct answer session = exchange(port, true,
	    SIGN_UP("captcha.example.com", "captcha.example.com", SECOND));

	(void)state;
	assert_int_equal(session.status, 201);
	assert_non_null(strstr(session.set_cookie, ONLY_HERE));
	assert_int_equal(status_of_browser(port, &session, "same-origin"), 200);
	assert_int_equal(status_of_browser(port, &session, "cross-site"), 403);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_agree_where_each_request_ends),
		cmocka_unit_test(metrics_are_not_for_the_world),
		cmocka_unit_test(plain_http_is_sent_to_tls),
		cmocka_unit_test(body_of_unknown_length_is_given_one_by_nginx),
		cmocka_unit_test(own_pages_are_told_from_others),
		cmocka_unit_test(session_of_an_own_page_works_through_both),
	};

	return cmocka_run_group_tests_name(
		   "http_nginx", tests, set_up_nginx, tear_down) +
	    cmocka_run_group_tests_name(
		"http_haproxy", tests, set_up_haproxy, tear_down);
}
