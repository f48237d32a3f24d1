/*
 * The syntax of addresses in the settings: see endpoint.h.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/endpoint.h"

#define TCP "tcp://"
#define HOST_CHARACTERS \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_"

/* What is wrong with the path of a unix socket, or NULL. */
static const char *
path_wrong(const char *path)
{
	if (path[0] == '\0')
		return "has no path";
	/* Abstract sockets have no permissions, and * is a made-up name. */
	if (path[0] == '@' || strcmp(path, "*") == 0)
		return "must be the path of a file";
	if (strlen(path) > ENDPOINT_PATH_MAX)
		return "is longer than the 107 bytes that the path of a unix "
		       "socket may have: choose a shorter data_dir or path";
	return NULL;
}

/* True for a port, 1..65535, in decimal digits. */
static bool
port_valid(const char *port)
{
	size_t len = strlen(port);

	if (len == 0 || len > 5 || strspn(port, "0123456789") != len)
		return false;
	return strtol(port, NULL, 10) >= 1 && strtol(port, NULL, 10) <= 65535;
}

/* What is wrong with HOST:PORT, or NULL. */
static const char *
host_port_wrong(const char *text, bool any)
{
	char host[256];
	struct in6_addr address;
	const char *colon;
	size_t len;

	colon = strrchr(text, ':');
	if (colon == NULL || !port_valid(colon + 1))
		return "must end with a port, :1 to :65535";
	len = (size_t)(colon - text);
	if (len == 0 || len >= sizeof(host))
		return "has no host before its port";
	memcpy(host, text, len);
	host[len] = '\0';
	if (strcmp(host, "*") == 0)
		return any ? NULL : "must name a host, * is for binding";
	if (host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		return inet_pton(AF_INET6, host + 1, &address) == 1
		    ? NULL
		    : "has no IPv6 address in its brackets";
	}
	return strspn(host, HOST_CHARACTERS) == len
	    ? NULL
	    : "has a host that is neither a name nor an address";
}

const char *
endpoint_wrong(const char *endpoint, bool bind)
{
	if (strncmp(endpoint, "ipc://", 6) == 0)
		return path_wrong(endpoint + 6);
	if (endpoint_is_tcp(endpoint))
		return host_port_wrong(endpoint + strlen(TCP), bind);
	return "must be ipc://PATH or tcp://HOST:PORT";
}

bool
endpoint_is_tcp(const char *endpoint)
{
	return strncmp(endpoint, TCP, strlen(TCP)) == 0;
}

bool
endpoint_is_ipv6(const char *endpoint)
{
	return endpoint_is_tcp(endpoint) && endpoint[strlen(TCP)] == '[';
}

bool
endpoint_leaves_host(const char *endpoint)
{
	char host[INET6_ADDRSTRLEN] = "";
	const char *from = endpoint + strlen(TCP);
	struct in6_addr ipv6;
	struct in_addr ipv4;
	size_t len;

	if (!endpoint_is_tcp(endpoint))
		return false;
	from += endpoint_is_ipv6(endpoint) ? 1 : 0;
	len = strcspn(from, endpoint_is_ipv6(endpoint) ? "]" : ":");
	if (len >= sizeof(host))
		return true;
	memcpy(host, from, len);
	if (endpoint_is_ipv6(endpoint))
		return inet_pton(AF_INET6, host, &ipv6) != 1 ||
		    !IN6_IS_ADDR_LOOPBACK(&ipv6);
	return inet_pton(AF_INET, host, &ipv4) != 1 ||
	    ntohl(ipv4.s_addr) >> IN_CLASSA_NSHIFT != IN_LOOPBACKNET;
}

const char *
endpoint_listen_wrong(const char *listen)
{
	if (strncmp(listen, "unix:", 5) == 0)
		return path_wrong(listen + 5);
	return host_port_wrong(listen, false);
}

bool
endpoint_list_item(const char *list, size_t i, char *item, size_t size)
{
	const char *from = list, *to;
	size_t len;

	if (list[0] == '\0')
		return false;
	for (; i > 0; i--) {
		from = strchr(from, ',');
		if (from == NULL)
			return false;
		from++;
	}
	to = from + strcspn(from, ",");
	while (from < to && isspace((unsigned char)*from))
		from++;
	while (to > from && isspace((unsigned char)to[-1]))
		to--;
	len = (size_t)(to - from);
	if (len >= size)
		return false;
	memcpy(item, from, len);
	item[len] = '\0';
	return true;
}

size_t
endpoint_list_count(const char *list)
{
	size_t count = 1;

	if (list[0] == '\0')
		return 0;
	for (; *list != '\0'; list++) {
		if (*list == ',')
			count++;
	}
	return count;
}
