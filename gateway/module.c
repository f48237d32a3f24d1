/*
 * gateway.so, the module that the stock Kore binary loads.
 *
 * The parent reads the settings and makes the memory that the workers share:
 * counters and rate limits. Each worker, alone in its sandbox, owns its
 * ZeroMQ context and sockets (bus.c), its key cache (keycache.c) and its calls
 * (call.c). Nothing is kept on disk, and no secret is known here but, for
 * services on other hosts, this gateway's own key of CURVE.
 *
 * Read next: routes.c for what is answered, handle.c for how.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <sys/socket.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <kore/kore.h>

#include <kore/http.h>

#include <kore/hooks.h>
#include <kore/seccomp.h>

#include "common/clock.h"
#include "common/curve.h"
#include "common/log.h"
#include "common/secret.h"
#include "common/start.h"
#include "gateway/address_limit.h"
#include "gateway/admit.h"
#include "gateway/gate.h"
#include "gateway/gateway.h"
#include "gateway/handle.h"
#include "gateway/json.h"

#define EXIT_SETTINGS	 2
#define RATE_LIMIT_CELLS 16384 /* keys with a limit, in use at one time */
#define USAGE_TICKS	 (2000 / BUS_TICK_MS)
#define DRAIN_MAX_NS	 INT64_C(10000000000)
#define DRAIN_QUIET_NS	 INT64_C(500000000) /* for a request to come */

struct gateway gateway;

static volatile sig_atomic_t told_to_end;
static int64_t drain_began_ns;

/*
 * What libzmq and its threads need beyond Kore's own list: threads themselves,
 * what they wake each other with, sockets to the services (and to a resolver,
 * where an endpoint has a name), locked memory for the keys of CURVE, and a
 * list of the open files for the metrics. The gate shuts connections down.
 * Under the sanitizers everything is allowed: they read /proc, fork and trace;
 * and where lines are counted, since the counts go to files at the end.
 */
/* clang-format off */
static struct sock_filter syscalls[] = {
#if defined(AIC_SANITIZE) || defined(AIC_COVERAGE)
	KORE_BPF_RET(SECCOMP_RET_ALLOW),
#else
	KORE_SYSCALL_ALLOW(eventfd2),
	KORE_SYSCALL_ALLOW(epoll_create1),
	KORE_SYSCALL_ALLOW(clone),
	KORE_SYSCALL_ALLOW(clone3),
	KORE_SYSCALL_ALLOW(set_robust_list),
	KORE_SYSCALL_ALLOW(rseq),
	KORE_SYSCALL_ALLOW(gettid),
	KORE_SYSCALL_ALLOW(tgkill),
	KORE_SYSCALL_ALLOW(prctl),
	KORE_SYSCALL_ALLOW(sched_yield),
	KORE_SYSCALL_ALLOW(sched_getaffinity),
	KORE_SYSCALL_ALLOW(sched_setaffinity),
	KORE_SYSCALL_ALLOW(sched_getparam),
	KORE_SYSCALL_ALLOW(sched_getscheduler),
	KORE_SYSCALL_ALLOW(sched_setscheduler),
	KORE_SYSCALL_ALLOW(socket),
	KORE_SYSCALL_ALLOW(connect),
	KORE_SYSCALL_ALLOW(bind),
	KORE_SYSCALL_ALLOW(listen),
	KORE_SYSCALL_ALLOW(accept4),
	KORE_SYSCALL_ALLOW(getsockopt),
	KORE_SYSCALL_ALLOW(getsockname),
	KORE_SYSCALL_ALLOW(getpeername),
	KORE_SYSCALL_ALLOW(recvmsg),
	KORE_SYSCALL_ALLOW(sendmsg),
	KORE_SYSCALL_ALLOW(sendmmsg),
	KORE_SYSCALL_ALLOW(shutdown),
	KORE_SYSCALL_ALLOW(newfstatat),
	KORE_SYSCALL_ALLOW(uname),
	KORE_SYSCALL_ALLOW(prlimit64),
	KORE_SYSCALL_ALLOW(sysinfo),
	KORE_SYSCALL_ALLOW(getdents64),
	KORE_SYSCALL_ALLOW(mlock),
	KORE_SYSCALL_ALLOW(munlock),
#endif
};
/* clang-format on */

/* Kore: in each worker, as it enters its sandbox. */
void
kore_seccomp_hook(void)
{
	if (kore_seccomp_filter("gateway", syscalls,
		KORE_FILTER_LEN(syscalls)) != KORE_RESULT_OK)
		fatalx("the sandbox has no room for the gateway's list");
}

static void
refuse_to_start(const char *why)
{
	log_error(NULL, "%s", why);
	exit(EXIT_SETTINGS);
}

/* A line that Kore has printed. */
static ssize_t
log_line(void *cookie, const char *text, size_t len)
{
	const size_t end = len > 0 && text[len - 1] == '\n' ? len - 1 : len;

	(void)cookie;
	log_info(NULL, "%.*s", (int)end, text);
	return (ssize_t)len;
}

/*
 * Kore tells of its workers on standard output, in lines of its own form. From
 * now on, also in the workers, they are log lines. When that cannot be, they
 * stay what they were.
 */
static void
log_kore(void)
{
	const cookie_io_functions_t functions = { .write = log_line };
	FILE *lines = fopencookie(NULL, "w", functions);

	if (lines == NULL)
		return;
	(void)setvbuf(lines, NULL, _IOLBF, BUFSIZ);
	stdout = lines;
}

/* Kore: in the parent, settled but before any worker. */
void
kore_parent_configure(int argc, char **argv)
{
	enum log_level level;
	char error[512];

	(void)argc;
	(void)argv;
	log_open("gateway", LOG_LEVEL_INFO);
	log_kore();
	if (config_load(&gateway.config, getenv("AIC_CONFIG"), error,
		sizeof(error)) != 0)
		refuse_to_start(error);
	if (log_level_parse(gateway.config.log_level, &level) != 0)
		refuse_to_start("log_level is unknown");
	log_open("gateway", level);
	start_keep_private();
	/* Kore would load the module anew, under the workers' feet. */
	(void)signal(SIGHUP, SIG_IGN);
	if (secret_init() != 0)
		refuse_to_start("there is no source of randomness");
	start_keep_private();
	if (bus_keys_load(
		&gateway.bus_keys, &gateway.config, error, sizeof(error)) != 0)
		refuse_to_start(error);
	json_start();
	gateway.metrics = metrics_new(
	    worker_count == 0 ? cpu_count : worker_count);
	gateway.limit = ratelimit_new(RATE_LIMIT_CELLS);
	if (gateway.metrics == NULL || gateway.limit == NULL)
		refuse_to_start("there is no memory to share");
	if (address_limit_start(error, sizeof(error)) != 0)
		refuse_to_start(error);
}

/* -------- ending -------- */

static void
on_signal(int signal)
{
	told_to_end = signal;
}

/*
 * Kore's own handler ends the loop at once, with requests unanswered. This one
 * only takes a note; drain() passes the signal on when the time has come.
 */
static int
catch_signals(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };
	struct sigaction action = { .sa_handler = on_signal };

	if (sigfillset(&action.sa_mask) != 0 ||
	    signal(SIGHUP, SIG_IGN) == SIG_ERR)
		return -1;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (sigaction(signals[i], &action, NULL) != 0)
			return -1;
	}
	return 0;
}

/*
 * No new connections. The socket is the same one in all workers, so the first
 * to shut it down has done it for all, and clients are refused from then on.
 * Those who were waiting are taken in before: otherwise the system would reset
 * them. Kore is left with no listener that it could look at.
 */
static void
stop_listening(void)
{
	struct kore_server *server = NULL;
	struct listener *listener = NULL;
	struct connection *c = NULL;

	LIST_FOREACH(server, &kore_servers, list)
	{
		LIST_FOREACH(listener, &server->listeners, list)
		{
			while (worker_active_connections <
				worker_max_connections &&
			    kore_connection_accept(listener, &c))
				kore_platform_event_all(c->fd, c);
			(void)shutdown(listener->fd, SHUT_RD);
			/* Kore may have it in its set now, or not. */
			kore_platform_event_schedule(
			    listener->fd, 0, 0, listener);
		}
	}
	kore_platform_disable_accept();
	LIST_FOREACH(server, &kore_servers, list)
	{
		while ((listener = LIST_FIRST(&server->listeners)) != NULL) {
			LIST_REMOVE(listener, list);
			(void)close(listener->fd);
		}
	}
}

static void
begin_drain(void)
{
	if (gateway.draining)
		return;
	gateway.draining = true;
	drain_began_ns = clock_boot_ns();
	log_info(NULL, "ending, with %zu requests under way", calls_count());
	stop_listening();
}

/* Kore ends the process on an error here; it is another worker's shutdown. */
static void
on_listener(void *arg, int error)
{
	if (error)
		begin_drain();
	else
		kore_listener_accept(arg, 0);
}

static void
watch_listeners(void)
{
	struct kore_server *server = NULL;
	struct listener *listener = NULL;

	LIST_FOREACH(server, &kore_servers, list)
	{
		LIST_FOREACH(listener, &server->listeners, list)
		listener->evt.handle = on_listener;
	}
}

/*
 * Whether a connection would be cut off: a request is coming in or an answer
 * going out, or, until it has been quiet for a while, a request may come yet,
 * which is then answered with Connection: close.
 */
static bool
is_cut_off(const struct connection *c, bool quiet)
{
	if (c->proto != CONN_PROTO_HTTP)
		return false;
	return !quiet || c->http_timeout != 0 || !TAILQ_EMPTY(&c->send_queue);
}

/* Answers what is under way, then lets Kore end the worker. */
static void
drain(int64_t now_ns)
{
	const bool quiet = now_ns - drain_began_ns >= DRAIN_QUIET_NS;
	const struct connection *c = NULL;
	bool busy = calls_count() > 0;

	TAILQ_FOREACH(c, &connections, list)
	busy = busy || is_cut_off(c, quiet);
	if (!busy || now_ns - drain_began_ns >= DRAIN_MAX_NS)
		sig_recv = SIGTERM;
}

static void
tell_usage(void)
{
	static int ticks;
	struct usage usage;

	if (ticks++ % USAGE_TICKS != 0)
		return;
	usage_read(&usage);
	metrics_usage(gateway.counters, &usage, worker_active_connections);
}

static void
on_tick(void *arg, u_int64_t now)
{
	int64_t now_ns = clock_boot_ns();

	(void)arg;
	(void)now;
	gate_tick();
	admit_tick(now_ns);
	tell_usage();
	if (!bus_tick(gateway.bus, now_ns)) {
		log_error(NULL, "ZeroMQ's thread is dead");
		_exit(1);
	}
	if (told_to_end != 0)
		begin_drain();
	if (gateway.draining)
		drain(now_ns);
}

/* -------- workers -------- */

/* Kore: in each worker, inside the sandbox, before its event loop. */
void
kore_worker_configure(void)
{
	gateway.counters = metrics_worker(
	    gateway.metrics, (size_t)worker->id - 1);
	gateway.keys = keycache_new();
	if (gateway.keys == NULL || calls_init(http_request_limit) != 0 ||
	    handle_init() != 0)
		fatalx("there is no memory for a worker");
	gateway.bus = bus_new(
	    &gateway.config, &gateway.bus_keys, gateway.counters);
	curve_wipe_pair(&gateway.bus_keys.own);
	if (gateway.bus == NULL || catch_signals() != 0)
		fatalx("a worker cannot start");
	watch_listeners();
	kore_timer_add(on_tick, BUS_TICK_MS, NULL, 0);
}

/* Kore: in each worker, after its event loop. */
void
kore_worker_teardown(void)
{
	bus_free(&gateway.bus);
	keycache_free(&gateway.keys);
	handle_free();
	calls_free();
}

/* Kore: in the parent, after the last worker. */
void
kore_parent_teardown(void)
{
	address_limit_end();
	curve_wipe_pair(&gateway.bus_keys.own);
	ratelimit_free(&gateway.limit);
	metrics_free(&gateway.metrics);
}
