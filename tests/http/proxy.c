/*
 * Starting and ending proxies; see proxy.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/e2e/rig.h"
#include "tests/e2e/scratch.h"
#include "tests/http/proxy.h"

#define PATH_SIZE     512
#define CONFIG_SIZE   16384
#define WAIT_MS	      (INT64_C(10000) * RIG_SLACK)
#define PORT_ATTEMPTS 5

struct proxy {
	enum proxy_kind kind;
	char dir[256];
	uint16_t gateway, tls, plain;
	pid_t pid;
};

/* -------- files -------- */

static void
path_in(const struct proxy *proxy, const char *name, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/%s", proxy->dir, name);
}

static void
read_text(const char *path, char text[CONFIG_SIZE])
{
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		fail_msg("cannot read %s", path);
	len = fread(text, 1, CONFIG_SIZE, file);
	(void)fclose(file);
	assert_in_range(len, 1, CONFIG_SIZE - 1);
	text[len] = '\0';
}

static void
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/*
 * Puts something in the place of a piece of a sample, which has to be there
 * once: otherwise the sample has changed, and this with it.
 */
static void replace(char text[CONFIG_SIZE], const char *piece,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
replace(char text[CONFIG_SIZE], const char *piece, const char *format, ...)
{
	char *at = strstr(text, piece), *rest = NULL;
	char by[PATH_SIZE];
	va_list args;

	if (at == NULL || strstr(at + 1, piece) != NULL) {
		fail_msg("the sample has not one \"%s\"", piece);
		return;
	}
	va_start(args, format);
	(void)vsnprintf(by, sizeof(by), format, args);
	va_end(args);
	rest = strdup(at + strlen(piece));
	assert_non_null(rest);
	assert_true(
	    (size_t)(at - text) + strlen(by) + strlen(rest) < CONFIG_SIZE);
	(void)snprintf(at, CONFIG_SIZE - (size_t)(at - text), "%s%s", by, rest);
	free(rest);
}

/* -------- processes -------- */

/* Starts a program; what it says goes into a file. */
static pid_t
spawn(const struct proxy *proxy, const char *log, char *const arguments[])
{
	char path[PATH_SIZE];
	pid_t pid;
	int fd;

	path_in(proxy, log, path);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (dup2(fd, STDOUT_FILENO) < 0 ||
		    dup2(fd, STDERR_FILENO) < 0 || setpgid(0, 0) != 0 ||
		    prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
			_exit(126);
		(void)execvp(arguments[0], arguments);
		_exit(127);
	}
	(void)close(fd);
	assert_true(pid > 0);
	return pid;
}

static int
await_exit(pid_t pid)
{
	const int64_t end = rig_deadline(WAIT_MS);
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0)
		rig_look_again(end, "a process to end");
	return status;
}

/* A key and its certificate, in one file as haproxy wants them. */
static void
make_certificate(const struct proxy *proxy)
{
	char path[PATH_SIZE];
	char *const arguments[] = { "openssl", "req", "-x509", "-newkey", "ec",
		"-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
		"2", "-subj", "/CN=captcha.example.com", "-keyout", path,
		"-out", path, NULL };

	path_in(proxy, "both.pem", path);
	if (await_exit(spawn(proxy, "openssl.log", arguments)) != 0) {
		path_in(proxy, "openssl.log", path);
		scratch_show_end(path);
		fail_msg("no certificate");
	}
}

/* -------- their configurations -------- */

/* The file around the sample, which is made for /etc/nginx/conf.d/. */
static void
write_nginx(const struct proxy *proxy)
{
	char text[CONFIG_SIZE], path[PATH_SIZE];

	read_text(AIC_SOURCE_DIR "/deploy/nginx.conf.sample", text);
	replace(text, "127.0.0.1:8080;", "127.0.0.1:%u;", proxy->gateway);
	replace(
	    text, "listen 443 ssl;", "listen 127.0.0.1:%u ssl;", proxy->tls);
	replace(text, "listen 80;", "listen 127.0.0.1:%u;", proxy->plain);
	/* There need not be an IPv6 here. */
	replace(text, "\tlisten [::]:443 ssl;\n", "%s", "");
	replace(text, "\tlisten [::]:80;\n", "%s", "");
	replace(text, "/etc/ssl/captcha.example.com/fullchain.pem",
	    "%s/both.pem", proxy->dir);
	replace(text, "/etc/ssl/captcha.example.com/privkey.pem", "%s/both.pem",
	    proxy->dir);
	path_in(proxy, "sample.conf", path);
	write_text(path, text);
	/* One worker of the user who runs the test: root would become another,
	 * who may not read here. */
	(void)snprintf(text, sizeof(text),
	    "%sdaemon off;\nworker_processes 1;\npid nginx.pid;\n"
	    "error_log stderr;\nevents {\n}\nhttp {\n\taccess_log off;\n"
	    "\tclient_body_temp_path body;\n\tproxy_temp_path proxy;\n"
	    "\tfastcgi_temp_path fastcgi;\n\tuwsgi_temp_path uwsgi;\n"
	    "\tscgi_temp_path scgi;\n\tinclude sample.conf;\n}\n",
	    geteuid() == 0 ? "user root;\n" : "");
	path_in(proxy, "nginx.conf", path);
	write_text(path, text);
}

static void
write_haproxy(const struct proxy *proxy)
{
	char text[CONFIG_SIZE], path[PATH_SIZE];

	read_text(AIC_SOURCE_DIR "/deploy/haproxy.cfg.sample", text);
	replace(text, "127.0.0.1:8080", "127.0.0.1:%u", proxy->gateway);
	/* The tests ask for /healthz themselves, and count. */
	replace(text, "GET /healthz", "GET %s", "/readyz");
	replace(text, "bind :443 ", "bind 127.0.0.1:%u ", proxy->tls);
	replace(text, "bind :80\n", "bind 127.0.0.1:%u\n", proxy->plain);
	replace(text, "/etc/haproxy/captcha.example.com.pem", "%s/both.pem",
	    proxy->dir);
	/* The user who runs the test; and one thread, so that what was sent
	 * first is read first. */
	replace(text, "\tuser haproxy\n\tgroup haproxy\n", "\tnbthread 1\n");
	path_in(proxy, "haproxy.cfg", path);
	write_text(path, text);
}

/* -------- a proxy -------- */

static bool
accepts(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is;

	assert_true(fd >= 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	is = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	(void)close(fd);
	return is;
}

static uint16_t
free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		fail_msg("no free port: %s", strerror(errno));
	(void)close(fd);
	return ntohs(address.sin_port);
}

/* False when it has ended by itself: somebody else took one of its ports. */
static bool
try_start(struct proxy *proxy)
{
	char path[PATH_SIZE];
	char *const nginx[] = { "nginx", "-p", proxy->dir, "-e", "stderr", "-c",
		path, NULL };
	char *const haproxy[] = { "haproxy", "-db", "-f", path, NULL };
	const int64_t end = rig_deadline(WAIT_MS);

	proxy->tls = free_port();
	proxy->plain = free_port();
	if (proxy->kind == PROXY_NGINX) {
		write_nginx(proxy);
		path_in(proxy, "nginx.conf", path);
		proxy->pid = spawn(proxy, "log", nginx);
	} else {
		write_haproxy(proxy);
		path_in(proxy, "haproxy.cfg", path);
		proxy->pid = spawn(proxy, "log", haproxy);
	}
	while (!accepts(proxy->tls)) {
		if (waitpid(proxy->pid, NULL, WNOHANG) != 0)
			return false;
		rig_look_again(end, "the proxy to listen");
	}
	return true;
}

struct proxy *
proxy_start(enum proxy_kind kind, uint16_t gateway_port)
{
	struct proxy *proxy = calloc(1, sizeof(*proxy));
	char path[PATH_SIZE];

	assert_non_null(proxy);
	proxy->kind = kind;
	proxy->gateway = gateway_port;
	scratch_make(proxy->dir, sizeof(proxy->dir));
	make_certificate(proxy);
	for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
		if (try_start(proxy))
			return proxy;
	}
	path_in(proxy, "log", path);
	scratch_show_end(path);
	fail_msg("the proxy does not start");
	return NULL;
}

int
proxy_stop(struct proxy **proxy_)
{
	struct proxy *proxy = *proxy_;
	char path[PATH_SIZE];
	int status;

	if (proxy == NULL)
		return 0;
	*proxy_ = NULL;
	/* Each has its own signal for "at once": haproxy ends with 143 then. */
	(void)kill(proxy->pid, proxy->kind == PROXY_NGINX ? SIGTERM : SIGUSR1);
	status = await_exit(proxy->pid);
	if (status != 0) {
		path_in(proxy, "log", path);
		scratch_show_end(path);
	}
	if (getenv("AIC_TEST_KEEP") != NULL)
		printf("kept: %s\n", proxy->dir);
	else
		scratch_remove(proxy->dir);
	free(proxy);
	return status == 0 ? 0 : -1;
}

uint16_t
proxy_tls_port(const struct proxy *proxy)
{
	return proxy->tls;
}

uint16_t
proxy_plain_port(const struct proxy *proxy)
{
	return proxy->plain;
}
