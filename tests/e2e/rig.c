/*
 * Starting, watching and ending the processes of a system; see rig.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/rig.h"
#include "tests/e2e/scratch.h"

#define PATH_SIZE	256
#define ENDPOINT_SIZE	320
#define TEXT_SIZE	1024
#define METRICS_SIZE	(256 * 1024)
#define SETTINGS_MAX	24
#define ENVIRONMENT_MAX (SETTINGS_MAX + 6)
#define READY_MS	(INT64_C(20000) * RIG_SLACK)
#define STOP_MS		(INT64_C(10000) * RIG_SLACK)
#define LOOK_AGAIN_MS	10
#define WORKERS		"AIC_GATEWAY_WORKERS="
#define LOOKS_A_WORKER	6 /* so many connections reach each of several */
#define PORT_ATTEMPTS	5
#define WORDS_MAX	24

#ifndef AIC_BIN_DIR
#error "AIC_BIN_DIR must name the directory of the programs"
#endif

static const struct {
	const char *name;
	const char *program;
	const char *socket;
} kinds[RIG_PROCESSES] = {
	[RIG_ANALYTICS] = { "analytics", "analytics-svc", "analytics" },
	[RIG_AUTH] = { "auth", "auth-svc", "auth" },
	[RIG_CHALLENGE_0] = { "challenge-0", "challenge-svc", "challenge-0" },
	[RIG_CHALLENGE_1] = { "challenge-1", "challenge-svc", "challenge-1" },
	[RIG_GATEWAY] = { "gateway", "gateway", NULL },
};

struct rig {
	char dir[PATH_SIZE];
	char settings[SETTINGS_MAX][TEXT_SIZE];
	size_t settings_count;
	char endpoints[RIG_PROCESSES][ENDPOINT_SIZE];
	bool tcp;
	int held[RIG_PROCESSES]; /* ports of services, -1 for none */
	uint16_t port;
	int workers; /* of the gateway */
	bool wanted[RIG_PROCESSES];
	pid_t pids[RIG_PROCESSES];		 /* 0 when it does not run */
	const char *const *words[RIG_PROCESSES]; /* see rig_start_by */
};

static void
log_path(const struct rig *rig, enum rig_process process, char path[TEXT_SIZE])
{
	snprintf(path, TEXT_SIZE, "%s/%s.log", rig->dir, kinds[process].name);
}

static void
show_log(const struct rig *rig, enum rig_process process)
{
	char path[TEXT_SIZE];

	log_path(rig, process, path);
	scratch_show_end(path);
}

/* -------- one process -------- */

/*
 * A free port. As long as *held is open nobody is given it but a socket that
 * says SO_REUSEADDR and the number, as those of ZeroMQ do.
 */
static uint16_t
hold_port(int *held)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd, one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
	    bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		fail_msg("no free port: %s", strerror(errno));
	*held = fd;
	return ntohs(address.sin_port);
}

static uint16_t
free_port(void)
{
	int held = -1;
	const uint16_t port = hold_port(&held);

	close(held);
	return port;
}

/* What a process is started with, made ready before the fork: after it, in a
 * program that may have other threads, little is safe to call. */
struct launch {
	char program[TEXT_SIZE];
	char *arguments[WORDS_MAX + 2];
	char log[TEXT_SIZE];
	char texts[ENVIRONMENT_MAX][TEXT_SIZE];
	char *environment[ENVIRONMENT_MAX + 1];
	size_t count;
};

static void add_variable(struct launch *launch, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
add_variable(struct launch *launch, const char *format, ...)
{
	char *text = launch->texts[launch->count];
	va_list args;
	int len;

	assert_true(launch->count < ENVIRONMENT_MAX);
	va_start(args, format);
	len = vsnprintf(text, TEXT_SIZE, format, args);
	va_end(args);
	assert_in_range(len, 1, TEXT_SIZE - 1);
	launch->environment[launch->count++] = text;
}

/*
 * The stock kore is not sanitized, so that the runtime has to be there before
 * it; leaks are looked for in the services, whose exit is our own.
 */
static void
add_sanitizer(struct launch *launch, enum rig_process process)
{
#ifdef AIC_SANITIZE
	if (process == RIG_GATEWAY)
		add_variable(launch, "LD_PRELOAD=%s", AIC_ASAN_LIBRARY);
	add_variable(
	    launch, "ASAN_OPTIONS=detect_leaks=%d", process != RIG_GATEWAY);
	add_variable(launch, "UBSAN_OPTIONS=print_stacktrace=1");
#elif defined(AIC_TSAN)
	const char *options = getenv("TSAN_OPTIONS");

	(void)process;
	add_variable(launch, "TSAN_OPTIONS=%s", options != NULL ? options : "");
#else
	(void)launch;
	(void)process;
#endif
}

/* The words, if any, and the program. */
static void
set_arguments(struct launch *launch, const char *const words[])
{
	size_t count = 0;

	for (; words != NULL && words[count] != NULL; count++) {
		assert_true(count < WORDS_MAX);
		launch->arguments[count] = (char *)words[count];
	}
	launch->arguments[count] = launch->program;
	launch->arguments[count + 1] = NULL;
}

static void
prepare_launch(
    const struct rig *rig, enum rig_process process, struct launch *launch)
{
	const char *path = getenv("PATH");

	launch->count = 0;
	snprintf(launch->program, sizeof(launch->program), "%s/%s", AIC_BIN_DIR,
	    kinds[process].program);
	set_arguments(launch, rig->words[process]);
	log_path(rig, process, launch->log);
	add_variable(launch, "PATH=%s", path != NULL ? path : "/usr/bin:/bin");
	for (size_t i = 0; i < rig->settings_count; i++)
		add_variable(launch, "%s", rig->settings[i]);
	if (process == RIG_CHALLENGE_1)
		add_variable(launch, "AIC_CHALLENGE_SHARD=1");
	add_sanitizer(launch, process);
	launch->environment[launch->count] = NULL;
}

/* In the child: becomes the process. Does not return. */
static void
become(const char *dir, struct launch *launch)
{
	int fd;

	fd = open(launch->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(fd, STDERR_FILENO) < 0)
		_exit(126);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		_exit(126);
	/* Whatever happens to the test, nothing outlives it. */
	if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 ||
	    chdir(dir) != 0)
		_exit(126);
	execvpe(launch->arguments[0], launch->arguments, launch->environment);
	_exit(127);
}

static void
start_process(struct rig *rig, enum rig_process process)
{
	struct launch *launch = NULL;
	pid_t pid;

	assert_int_equal(rig->pids[process], 0);
	launch = calloc(1, sizeof(*launch));
	assert_non_null(launch);
	prepare_launch(rig, process, launch);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		become(rig->dir, launch);
	free(launch);
	if (pid < 0)
		fail_msg("fork: %s", strerror(errno));
	(void)setpgid(pid, pid);
	rig->pids[process] = pid;
}

/*
 * Waits up to ms for a process to end and forgets it. Returns its wait status;
 * -1 when it runs on.
 */
static int
reap(struct rig *rig, enum rig_process process, int64_t ms)
{
	int64_t end = rig_deadline(ms);
	int status;

	while (waitpid(rig->pids[process], &status, WNOHANG) == 0) {
		if (rig_now_ms() > end)
			return -1;
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
	rig->pids[process] = 0;
	return status;
}

static void
kill_process(struct rig *rig, enum rig_process process)
{
	(void)kill(-rig->pids[process], SIGKILL);
	(void)reap(rig, process, STOP_MS);
}

/* SIGTERM; 0 when that ended it with status 0, else it is told and is -1. */
static int
end_process(struct rig *rig, enum rig_process process)
{
	int status;

	if (rig->pids[process] == 0)
		return 0;
	(void)kill(-rig->pids[process], SIGCONT);
	(void)kill(rig->pids[process], SIGTERM);
	status = reap(rig, process, STOP_MS);
	if (status == -1) {
		printf("%s does not end after SIGTERM\n", kinds[process].name);
		kill_process(rig, process);
	} else if (WIFSIGNALED(status)) {
		printf("%s was ended by signal %d\n", kinds[process].name,
		    WTERMSIG(status));
	} else if (WEXITSTATUS(status) != 0) {
		printf("%s ended with status %d\n", kinds[process].name,
		    WEXITSTATUS(status));
	} else {
		return 0;
	}
	show_log(rig, process);
	return -1;
}

/* -------- all of them -------- */

static void add_setting(struct rig *rig, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In the place of an earlier one of the same name: getenv finds the first. */
static void
add_setting(struct rig *rig, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;
	size_t name_len, i = 0;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	assert_in_range(len, 1, TEXT_SIZE - 1);
	name_len = strcspn(text, "=") + 1;
	while (i < rig->settings_count &&
	    strncmp(rig->settings[i], text, name_len) != 0)
		i++;
	assert_true(i < SETTINGS_MAX);
	memcpy(rig->settings[i], text, (size_t)len + 1);
	if (i == rig->settings_count)
		rig->settings_count++;
}

static void
choose_endpoint(struct rig *rig, int process)
{
	char *endpoint = rig->endpoints[process];
	int len;

	if (rig->tcp)
		len = snprintf(endpoint, ENDPOINT_SIZE, "tcp://127.0.0.1:%u",
		    (unsigned)hold_port(&rig->held[process]));
	else
		len = snprintf(endpoint, ENDPOINT_SIZE, "ipc://%s/d/run/%s",
		    rig->dir, kinds[process].socket);
	assert_in_range(len, 1, ENDPOINT_SIZE - 1);
}

/* Later ones win: what the test asks for comes last. */
static void
prepare(struct rig *rig, const char *const settings[])
{
	int shards = 1;

	add_setting(rig, "AIC_DATA_DIR=%s/d", rig->dir);
	rig->workers = 1;
	add_setting(rig, WORKERS "1");
	/* The cheapest password hash that is allowed. */
	add_setting(rig, "AIC_ARGON2_MEMORY_KIB=47104");
	add_setting(rig, "AIC_ARGON2_PASSES=1");
	/* All tests of a program ask from one address. */
	add_setting(rig, "AIC_PASSWORD_RATE_LIMIT=0");
	for (size_t i = 0; settings != NULL && settings[i] != NULL; i++) {
		add_setting(rig, "%s", settings[i]);
		if (strcmp(settings[i], "AIC_CHALLENGE_SHARDS=2") == 0)
			shards = 2;
		if (strncmp(settings[i], WORKERS, strlen(WORKERS)) == 0)
			rig->workers = (int)strtol(
			    settings[i] + strlen(WORKERS), NULL, 10);
	}
	for (int i = 0; i < RIG_PROCESSES; i++) {
		rig->wanted[i] = i != RIG_CHALLENGE_1 || shards == 2;
		rig->held[i] = -1;
		if (kinds[i].socket != NULL)
			choose_endpoint(rig, i);
	}
	if (rig->tcp) {
		scratch_make_keys(rig->dir);
		add_setting(rig, "AIC_CURVE_DIR=%s/keys", rig->dir);
	}
	add_setting(
	    rig, "AIC_ANALYTICS_ENDPOINT=%s", rig->endpoints[RIG_ANALYTICS]);
	add_setting(rig, "AIC_AUTH_ENDPOINT=%s", rig->endpoints[RIG_AUTH]);
	add_setting(rig, "AIC_CHALLENGE_ENDPOINTS=%s%s%s",
	    rig->endpoints[RIG_CHALLENGE_0], shards == 2 ? "," : "",
	    shards == 2 ? rig->endpoints[RIG_CHALLENGE_1] : "");
}

/*
 * Asks the gateway for a path. Returns the status, 0 while nothing answers;
 * the answer goes into text, cut to fit.
 */
static int
ask(const struct rig *rig, const char *path, char *text, size_t size)
{
	static const char version[] = "HTTP/1.1 ";
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(rig->port) };
	struct pollfd wait = { .events = POLLIN };
	char request[TEXT_SIZE];
	size_t len = 0;
	ssize_t got = 0;

	text[0] = '\0';
	snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: localhost\r\n"
	    "Connection: close\r\n\r\n",
	    path);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	wait.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (wait.fd < 0)
		return 0;
	if (connect(wait.fd, (struct sockaddr *)&address, sizeof(address)) ==
		0 &&
	    send(wait.fd, request, strlen(request), MSG_NOSIGNAL) > 0) {
		while (len < size - 1 && poll(&wait, 1, 2000) == 1) {
			got = recv(wait.fd, text + len, size - 1 - len, 0);
			if (got <= 0)
				break;
			len += (size_t)got;
		}
	}
	close(wait.fd);
	text[len] = '\0';
	if (strncmp(text, version, strlen(version)) != 0)
		return 0;
	return (int)strtol(text + strlen(version), NULL, 10);
}

/*
 * Whether every service answers, and is the process that was started last: the
 * gateway takes a moment to notice that another one has died.
 */
static bool
is_ready(const struct rig *rig)
{
	static char text[METRICS_SIZE];
	char line[TEXT_SIZE];

	if (ask(rig, "/readyz", text, sizeof(text)) != 200 ||
	    ask(rig, "/metrics", text, sizeof(text)) != 200)
		return false;
	for (int i = 0; i < RIG_GATEWAY; i++) {
		if (!rig->wanted[i])
			continue;
		snprintf(line, sizeof(line),
		    "\naic_service_pid{service=\"%s\"} %d\n", kinds[i].name,
		    (int)rig->pids[i]);
		if (strstr(text, line) == NULL)
			return false;
	}
	return true;
}

/* Each worker has connections of its own to the services. */
static bool
are_all_ready(const struct rig *rig)
{
	int looks = rig->workers > 1 ? rig->workers * LOOKS_A_WORKER : 1;

	while (looks > 0 && is_ready(rig))
		looks--;
	return looks == 0;
}

/* The first that has ended by itself, or RIG_PROCESSES. */
static enum rig_process
find_ended(struct rig *rig)
{
	int process;

	for (process = 0; process < RIG_PROCESSES; process++) {
		if (rig->pids[process] != 0 &&
		    !rig_runs(rig, (enum rig_process)process))
			break;
	}
	return (enum rig_process)process;
}

void
rig_await_ready(struct rig *rig)
{
	int64_t end = rig_deadline(READY_MS);
	enum rig_process ended;

	while (!are_all_ready(rig)) {
		ended = find_ended(rig);
		if (ended != RIG_PROCESSES) {
			show_log(rig, ended);
			fail_msg("%s ended by itself", kinds[ended].name);
		}
		if (rig_now_ms() > end) {
			for (int i = 0; i < RIG_PROCESSES; i++)
				show_log(rig, (enum rig_process)i);
			fail_msg("the system does not become ready");
		}
		(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
}

/* Another program may take the free port first: then another one is tried. */
static void
start_gateway(struct rig *rig)
{
	size_t count = rig->settings_count;
	char text[TEXT_SIZE];
	int attempt;

	for (attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
		int64_t end = rig_deadline(READY_MS);

		rig->settings_count = count;
		rig->port = free_port();
		add_setting(
		    rig, "AIC_HTTP_LISTEN=127.0.0.1:%u", (unsigned)rig->port);
		start_process(rig, RIG_GATEWAY);
		while (ask(rig, "/healthz", text, sizeof(text)) == 0 &&
		    rig->pids[RIG_GATEWAY] != 0 && rig_now_ms() < end) {
			(void)find_ended(rig);
			(void)poll(NULL, 0, LOOK_AGAIN_MS);
		}
		if (rig->pids[RIG_GATEWAY] != 0)
			return;
	}
	show_log(rig, RIG_GATEWAY);
	fail_msg("the gateway does not start");
}

static struct rig *
start(const char *const settings[], bool tcp)
{
	struct rig *rig = NULL;

	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	rig = calloc(1, sizeof(*rig));
	assert_non_null(rig);
	rig->tcp = tcp;
	scratch_make(rig->dir, sizeof(rig->dir));
	prepare(rig, settings);
	for (int i = 0; i < RIG_GATEWAY; i++) {
		if (rig->wanted[i])
			start_process(rig, (enum rig_process)i);
	}
	start_gateway(rig);
	rig_await_ready(rig);
	return rig;
}

struct rig *
rig_start(const char *const settings[])
{
	return start(settings, false);
}

struct rig *
rig_start_tcp(const char *const settings[])
{
	return start(settings, true);
}

int
rig_stop(struct rig **rig_)
{
	struct rig *rig = *rig_;
	int result = 0;

	if (rig == NULL)
		return 0;
	*rig_ = NULL;
	for (int i = RIG_PROCESSES - 1; i >= 0; i--) {
		if (end_process(rig, (enum rig_process)i) != 0)
			result = -1;
		if (rig->held[i] != -1)
			close(rig->held[i]);
	}
	if (scratch_has_report(rig->dir) || scratch_has_socket(rig->dir))
		result = -1;
	if (getenv("AIC_TEST_KEEP") != NULL)
		printf("kept: %s\n", rig->dir);
	else
		scratch_remove(rig->dir);
	free(rig);
	return result;
}

/* -------- what a test does to them -------- */

uint16_t
rig_port(const struct rig *rig)
{
	return rig->port;
}

const char *
rig_dir(const struct rig *rig)
{
	return rig->dir;
}

const char *
rig_endpoint(const struct rig *rig, enum rig_process process)
{
	return rig->endpoints[process];
}

pid_t
rig_pid(const struct rig *rig, enum rig_process process)
{
	return rig->pids[process];
}

void
rig_end(struct rig *rig, enum rig_process process)
{
	assert_int_not_equal(rig->pids[process], 0);
	if (end_process(rig, process) != 0)
		fail_msg("%s did not end well", kinds[process].name);
}

void
rig_kill(struct rig *rig, enum rig_process process)
{
	assert_int_not_equal(rig->pids[process], 0);
	kill_process(rig, process);
	assert_int_equal(rig->pids[process], 0);
}

void
rig_restart(struct rig *rig, enum rig_process process)
{
	start_process(rig, process);
}

void
rig_start_by(
    struct rig *rig, enum rig_process process, const char *const words[])
{
	rig->words[process] = words;
}

int
rig_await_end(struct rig *rig, enum rig_process process, int64_t ms)
{
	assert_int_not_equal(rig->pids[process], 0);
	return reap(rig, process, ms);
}

void
rig_pause(struct rig *rig, enum rig_process process)
{
	assert_int_not_equal(rig->pids[process], 0);
	assert_int_equal(kill(-rig->pids[process], SIGSTOP), 0);
}

void
rig_resume(struct rig *rig, enum rig_process process)
{
	assert_int_not_equal(rig->pids[process], 0);
	assert_int_equal(kill(-rig->pids[process], SIGCONT), 0);
}

bool
rig_runs(struct rig *rig, enum rig_process process)
{
	int status;

	if (rig->pids[process] == 0)
		return false;
	if (waitpid(rig->pids[process], &status, WNOHANG) == 0)
		return true;
	rig->pids[process] = 0;
	return false;
}

void
rig_mend(struct rig *rig)
{
	for (int i = 0; i < RIG_PROCESSES; i++) {
		if (!rig->wanted[i])
			continue;
		if (rig_runs(rig, (enum rig_process)i))
			rig_resume(rig, (enum rig_process)i);
		else
			rig_restart(rig, (enum rig_process)i);
	}
	rig_await_ready(rig);
}
