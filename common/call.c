/*
 * What a handler calls: service.h's second half.
 */
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/batch.h"
#include "common/clock.h"

#define US_PER_MS 1000
#define NS_PER_US 1000

const struct uuid *
service_trace(const struct service_call *call)
{
	return &call->item->header.trace;
}

int64_t
service_waited_ms(const struct service_call *call)
{
	return service_now_ms() - call->item->received_ms;
}

int
service_fail(struct service_call *call, enum proto_error error,
    const char *field, const char *format, ...)
{
	va_list args;

	memset(&call->failure, 0, sizeof(call->failure));
	call->failure.error = error;
	if (field != NULL) {
		snprintf(call->failure.field, sizeof(call->failure.field), "%s",
		    field);
		PROTO_SET(&call->failure, failure, field);
	}
	if (format != NULL) {
		va_start(args, format);
		vsnprintf(call->failure.detail, sizeof(call->failure.detail),
		    format, args);
		va_end(args);
		PROTO_SET(&call->failure, failure, detail);
	}
	return (int)error;
}

void
service_retry_after(struct service_call *call, int64_t seconds)
{
	call->failure.retry_after = seconds;
	PROTO_SET(&call->failure, failure, retry_after);
}

void
service_set_asker(struct service_call *call, const struct uuid *asker)
{
	call->asker = *asker;
}

int
service_store_error(struct service_call *call, enum db_status status)
{
	if (status == DB_FULL)
		return service_fail(call, PROTO_ERROR_UNAVAILABLE, NULL,
		    "there is no room to store this");
	/* The process ends, and what it had begun was never committed. */
	if (status == DB_FATAL)
		return service_fail(call, PROTO_ERROR_UNAVAILABLE, NULL, NULL);
	return service_fail(call, PROTO_ERROR_INTERNAL, NULL, NULL);
}

void
service_audit(struct service_call *call, const char *format, ...)
{
	struct service *service = call->service;
	struct audit *audit = NULL;
	va_list args;

	if (service->audits_count == AUDITS_MAX)
		return;
	audit = &service->audits[service->audits_count++];
	audit->trace = *service_trace(call);
	va_start(args, format);
	(void)vsnprintf(audit->text, sizeof(audit->text), format, args);
	va_end(args);
}

static void
link_deferral(struct deferral *deferral)
{
	struct service *service = deferral->service;

	deferral->older = service->deferrals;
	if (deferral->older != NULL)
		deferral->older->newer = deferral;
	service->deferrals = deferral;
}

static void
unlink_deferral(struct deferral *deferral)
{
	if (deferral->older != NULL)
		deferral->older->newer = deferral->newer;
	if (deferral->newer != NULL)
		deferral->newer->older = deferral->older;
	else
		deferral->service->deferrals = deferral->older;
}

/* The places of the pool that one asker may have. */
static size_t
share_of_one(const struct service_options *options)
{
	size_t places = (size_t)options->pool_threads + options->pool_queue;

	return places > 1 ? places / 2 : 1;
}

static bool
has_share(const struct service_call *call)
{
	const struct deferral *deferral = call->service->deferrals;
	size_t count = 0;

	if (uuid_is_zero(&call->asker))
		return true;
	for (; deferral != NULL; deferral = deferral->older)
		count += deferral->finish != NULL &&
		    uuid_equal(&deferral->asker, &call->asker);
	return count < share_of_one(call->service->options);
}

void
deferral_free(struct deferral *deferral)
{
	if (deferral == NULL)
		return;
	unlink_deferral(deferral);
	if (deferral->drop != NULL)
		deferral->drop(deferral->service->options->ctx,
		    deferral->request, deferral->data);
	if (deferral->request != NULL)
		proto_wipe(deferral->info->request, deferral->request);
	if (deferral->data != NULL)
		sodium_memzero(deferral->data, deferral->data_size);
	free(deferral->request);
	free(deferral->data);
	free(deferral);
}

/* Whether there are places free, or what is before it is done in time. The
 * idle pool takes a job always, or it would never learn that it is fast. */
static bool
has_time(const struct service_call *call)
{
	const struct service *service = call->service;
	const struct item *item = call->item;
	const size_t threads = service->options->pool_threads;
	const size_t before = pool_load(service->pool) + service->pending_count;
	const int64_t turns = (int64_t)(before / threads) + 1;

	return before < threads || item->header.deadline_ms == 0 ||
	    service_waited_ms(call) * US_PER_MS +
		turns * service->pool_job_us <=
	    (int64_t)item->header.deadline_ms * US_PER_MS;
}

/* On a thread of the pool: work for nobody delays everybody. */
static void
work_in_time(void *data)
{
	struct deferral *deferral = data;
	const int64_t began_ns = clock_boot_ns();

	if (service_is_late(&deferral->header, deferral->received_ms))
		return;
	deferral->work(deferral->data);
	deferral->took_us = (clock_boot_ns() - began_ns) / NS_PER_US;
}

static void *
copy_bytes(const void *bytes, size_t size)
{
	void *copy = malloc(size);

	if (copy != NULL)
		memcpy(copy, bytes, size);
	return copy;
}

struct deferral *
deferral_new(const struct service_call *call)
{
	const struct item *item = call->item;
	struct deferral *deferral = calloc(1, sizeof(*deferral));

	if (deferral == NULL)
		return NULL;
	deferral->service = call->service;
	link_deferral(deferral);
	deferral->header = item->header;
	deferral->info = item->info;
	memcpy(
	    deferral->identity, item->peer->identity, item->peer->identity_len);
	deferral->identity_len = item->peer->identity_len;
	deferral->received_ms = item->received_ms;
	deferral->request = copy_bytes(
	    call->request, item->info->request->size);
	if (deferral->request != NULL)
		return deferral;
	deferral_free(deferral);
	return NULL;
}

int
service_defer(struct service_call *call, const void *job, size_t size,
    void (*work)(void *job), service_finish finish, service_drop drop)
{
	struct service *service = call->service;
	struct deferral *deferral = NULL;

	if (service->pool == NULL || service->pending_count == BATCH_ITEMS ||
	    !pool_has_room(service->pool, service->pending_count) ||
	    !has_share(call) || !has_time(call)) {
		service->stats.pool_refused++;
		return service_fail(call, PROTO_ERROR_BUSY, NULL, NULL);
	}
	deferral = deferral_new(call);
	if (deferral == NULL)
		return service_fail(call, PROTO_ERROR_BUSY, NULL, NULL);
	deferral->asker = call->asker;
	deferral->finish = finish;
	deferral->data = copy_bytes(job, size);
	if (deferral->data == NULL) {
		deferral_free(deferral);
		return service_fail(call, PROTO_ERROR_BUSY, NULL, NULL);
	}
	deferral->data_size = size;
	deferral->work = work;
	deferral->job.work = work_in_time;
	deferral->job.data = deferral;
	deferral->job.owner = deferral;
	deferral->drop = drop;
	service->pending[service->pending_count++] = deferral;
	return SERVICE_DEFERRED;
}
