/*
 * The program `gateway`: it reads the settings, writes Kore's configuration to
 * data_dir/run/gateway.conf, and becomes Kore, which loads gateway.so. It owns
 * nothing afterwards; the module reads the same settings again (see module.c).
 *
 * Kore runs as the user that started it: it listens on loopback or a unix
 * socket, needs no privilege for that, and its workers are sandboxed.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/config.h"
#include "common/log.h"
#include "gateway/bus.h"
#include "gateway/launch.h"

#define EXIT_SETTINGS 2
#define WORKERS_MAX   64

static int
complain(const char *what, const char *why)
{
	log_error(NULL, "%s%s%s", what, why != NULL ? ": " : "",
	    why != NULL ? why : "");
	return -1;
}

/* gateway.so is in ../lib beside this program's directory, or next to it. */
static int
find_module(char path[PATH_MAX])
{
	static const char *const places[] = { "../lib/gateway.so",
		"gateway.so" };
	char self[PATH_MAX] = "", candidate[PATH_MAX];
	const char *directory = NULL;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int n;

	if (len < 0)
		return complain("/proc/self/exe", strerror(errno));
	self[len] = '\0';
	directory = dirname(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		n = snprintf(candidate, sizeof(candidate), "%s/%s", directory,
		    places[i]);
		if (n > 0 && (size_t)n < sizeof(candidate) &&
		    realpath(candidate, path) != NULL)
			return 0;
	}
	return complain(
	    "gateway.so is neither in ../lib nor beside", directory);
}

/* The address must be one: Kore would end without saying which setting. */
static int
check_address(const struct launch_listen *listen)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int error = getaddrinfo(listen->host, listen->port, &hints, &found);

	if (error != 0) {
		log_error(NULL, "http_listen: %s: %s", listen->host,
		    gai_strerror(error));
		return -1;
	}
	freeaddrinfo(found);
	return 0;
}

/*
 * A unix socket that nobody answers on is left from a gateway that was killed;
 * Kore does not replace it.
 */
static int
clear_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat status;
	int fd = -1, result = -1, connected;

	if (lstat(path, &status) != 0)
		return errno == ENOENT ? 0 : complain(path, strerror(errno));
	if (!S_ISSOCK(status.st_mode))
		return complain(path, "there is something else than a socket");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return complain("socket", strerror(errno));
	connected = connect(
	    fd, (const struct sockaddr *)&address, sizeof(address));
	if (connected == 0 || errno != ECONNREFUSED)
		(void)complain(path, "another process listens on it");
	else if (unlink(path) != 0)
		(void)complain(path, strerror(errno));
	else
		result = 0;
	(void)close(fd);
	return result;
}

/*
 * Lowers the soft limit of open files to what a worker needs: Kore visits each
 * number up to it. Returns what to tell Kore, which adds the open ones.
 */
static unsigned long
limit_files(void)
{
	struct rlimit limit = { 0 };
	rlim_t files = LAUNCH_CONNECTIONS + 2 * LAUNCH_FILES_SPARE;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		if (limit.rlim_max < files)
			files = limit.rlim_max;
		limit.rlim_cur = files;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			(void)complain("setrlimit", strerror(errno));
	}
	return files > 2 * LAUNCH_FILES_SPARE ? files - LAUNCH_FILES_SPARE
					      : files;
}

/* The module reads the keys itself; here they are refused before Kore starts.
 */
static int
check_keys(const struct config *config)
{
	struct bus_keys keys;
	char error[512] = "";
	int result = bus_keys_load(&keys, config, error, sizeof(error));

	curve_wipe_pair(&keys.own);
	return result == 0 ? 0 : complain("curve_dir", error);
}

static int
write_file(const char *path, const char *text, size_t len)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t written = -1;
	int result = -1;

	if (fd < 0)
		return complain(path, strerror(errno));
	if (fchmod(fd, 0600) != 0) {
		(void)complain(path, strerror(errno));
		goto out;
	}
	written = write(fd, text, len);
	if (written < 0 || (size_t)written != len) {
		(void)complain(
		    path, written < 0 ? strerror(errno) : "short write");
		goto out;
	}
	result = 0;
out:
	if (close(fd) != 0 && result == 0)
		result = complain(path, strerror(errno));
	return result;
}

static long
count_workers(const struct config *config)
{
	long workers = (long)config->gateway_workers;

	/* The services want cores too, and fuller batches cost less. */
	if (workers == 0)
		workers = sysconf(_SC_NPROCESSORS_ONLN) / 2;
	if (workers < 1)
		workers = 1;
	return workers > WORKERS_MAX ? WORKERS_MAX : workers;
}

/* Writes Kore's configuration and puts its path in conf. */
static int
prepare(const struct config *config, const struct launch_listen *listen,
    char conf[PATH_MAX])
{
	char module[PATH_MAX], pidfile[PATH_MAX], error[256] = "";
	char text[LAUNCH_CONFIG_MAX];
	struct launch_options options = {
		.listen = *listen,
		.module = module,
		.pidfile = pidfile,
		.workers = count_workers(config),
	};
	int len;

	if (find_module(module) != 0)
		return -1;
	(void)snprintf(conf, PATH_MAX, "%s/run/gateway.conf", config->data_dir);
	(void)snprintf(
	    pidfile, sizeof(pidfile), "%s/run/gateway.pid", config->data_dir);
	options.files = limit_files();
	len = launch_format(&options, text, sizeof(text), error, sizeof(error));
	if (len < 0)
		return complain(error, NULL);
	if (write_file(conf, text, (size_t)len) != 0)
		return -1;
	return listen->local ? clear_socket(listen->path) : 0;
}

int
main(int argc, char **argv)
{
	char conf[PATH_MAX], error[256] = "";
	struct config config;
	struct launch_listen listen;
	const char *file = NULL;

	log_open("gateway", LOG_LEVEL_INFO);
	if (config_arguments(argc, argv, &file) != 0)
		return EXIT_SETTINGS;
	if (config_load(&config, file, error, sizeof(error)) != 0 ||
	    launch_listen_parse(
		config.http_listen, &listen, error, sizeof(error)) != 0) {
		(void)complain(error, NULL);
		return EXIT_SETTINGS;
	}
	if (!listen.local && check_address(&listen) != 0)
		return EXIT_SETTINGS;
	if (config_make_directories(&config, error, sizeof(error)) != 0) {
		(void)complain(error, NULL);
		return EXIT_FAILURE;
	}
	if (check_keys(&config) != 0 || prepare(&config, &listen, conf) != 0)
		return EXIT_FAILURE;
	/* The module reads the file too, when there is one. */
	if (file != NULL && setenv("AIC_CONFIG", file, 1) != 0) {
		(void)complain("setenv", strerror(errno));
		return EXIT_FAILURE;
	}
	(void)execlp(
	    "kore", "kore", "-f", "-n", "-r", "-q", "-c", conf, (char *)NULL);
	(void)complain("kore", strerror(errno));
	return EXIT_FAILURE;
}
