/*
 * The line of costly requests. See service.h on `costly`.
 */
#include "common/batch.h"

/* How long the line keeps the loop to itself, when no one request takes
 * longer. */
#define TURN_MS 20

/* Of one asker: several pages of a dashboard load at a time. */
#define ASKER_MAX 8

static bool
has_room(const struct service *service, const struct uuid *asker)
{
	const struct deferral *deferral = service->deferrals;
	size_t all = 0, own = 0;

	for (; deferral != NULL; deferral = deferral->older) {
		if (deferral->finish != NULL)
			continue; /* the pool's */
		all++;
		own += uuid_equal(&deferral->asker, asker);
	}
	return all < LINE_PLACES && (own < ASKER_MAX || uuid_is_zero(asker));
}

int
line_join(struct service_call *call, const struct uuid *asker)
{
	struct service *service = call->service;
	struct deferral *deferral = NULL;

	if (has_room(service, asker) && service->pending_count < BATCH_ITEMS)
		deferral = deferral_new(call);
	if (deferral == NULL)
		return service_fail(call, PROTO_ERROR_BUSY, NULL, NULL);
	deferral->asker = *asker;
	service->pending[service->pending_count++] = deferral;
	return SERVICE_DEFERRED;
}

void
line_add(struct service *service, struct deferral *deferral)
{
	const size_t end = service->line_first + service->line_count++;

	service->line[end % LINE_PLACES] = deferral;
}

int
line_run(struct service *service)
{
	const int64_t until_ms = service_now_ms() + TURN_MS;

	while (service->line_count > 0) {
		batch_add_deferral(service, service->line[service->line_first]);
		service->line_first = (service->line_first + 1) % LINE_PLACES;
		service->line_count--;
		if (batch_run(service) != 0)
			return -1;
		if (service_now_ms() >= until_ms)
			break;
	}
	return 0;
}
