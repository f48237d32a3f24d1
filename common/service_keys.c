/*
 * Where a service's sockets need keys: the one that it serves on, and the one
 * to analytics-svc. See curve.h and guard.h.
 */
#include "common/batch.h"
#include "common/curve.h"
#include "common/endpoint.h"
#include "common/log.h"

#define ERROR_SIZE 512

static bool
uses_curve(const struct service *service, const char *endpoint)
{
	return service->options->curve_dir[0] != '\0' &&
	    endpoint_is_tcp(endpoint);
}

static int
load_own_pair(struct service *service, struct curve_pair *own)
{
	char error[ERROR_SIZE] = "";

	if (curve_load_pair(service->options->curve_dir,
		service->options->curve_name, own, error, sizeof(error)) == 0)
		return 0;
	log_error(NULL, "curve_dir: %s", error);
	return -1;
}

int
service_protect(struct service *service)
{
	const struct service_options *options = service->options;
	struct curve_pair own;
	int result = -1;

	if (!uses_curve(service, options->endpoint))
		return 0;
	if (load_own_pair(service, &own) != 0)
		return -1;
	/* Everybody sends events to analytics; the rest is the gateways'. */
	service->guard = guard_new(
	    options->curve_dir, options->service != PROTO_SERVICE_ANALYTICS);
	if (service->guard != NULL)
		result = guard_protect(service->guard, service->socket, &own);
	curve_wipe_pair(&own);
	return result;
}

int
service_ship(struct service *service)
{
	const struct service_options *options = service->options;
	struct curve_link link;
	char error[ERROR_SIZE] = "";

	if (!uses_curve(service, options->analytics)) {
		service->shipper = shipper_new(
		    options->outbox, options->analytics, NULL);
		return service->shipper != NULL ? 0 : -1;
	}
	if (load_own_pair(service, &link.own) != 0)
		return -1;
	if (curve_load_public(options->curve_dir, CURVE_ANALYTICS,
		link.server_key, error, sizeof(error)) == 0)
		service->shipper = shipper_new(
		    options->outbox, options->analytics, &link);
	else
		log_error(NULL, "curve_dir: %s", error);
	curve_wipe_link(&link);
	return service->shipper != NULL ? 0 : -1;
}
