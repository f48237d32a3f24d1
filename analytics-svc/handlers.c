/*
 * One function for each message of analytics-svc: check, ask the rules, let
 * ledger or report do it, answer.
 */
#include "analytics-svc/service.h"
#include "common/clock.h"
#include "common/log.h"

static int
handle_open(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct analytics *analytics = ctx;
	enum db_status status;

	status = ledger_resume(analytics->ledger, request, reply);
	if (status != DB_OK)
		return service_store_error(call, status);
	return PROTO_OK;
}

static int
handle_append(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct analytics *analytics = ctx;
	const struct events_append *append = request;
	struct events_acked *acked = reply;
	enum db_status status;
	size_t left_out;

	status = ledger_append(analytics->ledger, append, acked, &left_out);
	if (status != DB_OK)
		return service_store_error(call, status);
	if (acked->sequence < append->sequence)
		log_debug(service_trace(call),
		    "commit %lld came after %lld, which is a gap",
		    (long long)append->sequence, (long long)acked->sequence);
	if (left_out > 0)
		log_warning(service_trace(call),
		    "commit %lld has %zu events that cannot be counted",
		    (long long)append->sequence, left_out);
	return PROTO_OK;
}

static int
handle_overview(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct analytics *analytics = ctx;
	const struct overview_query *query = request;
	const struct period_kept kept = retention_kept(
	    analytics->retention, clock_now_ms());
	struct period_refusal refusal;
	enum db_status status;
	struct period period;

	if (period_read(&period,
		PROTO_HAS(query, overview_query, from) ? &query->from : NULL,
		PROTO_HAS(query, overview_query, to) ? &query->to : NULL,
		clock_now_ms(), &refusal) == -1)
		return service_fail(call, PROTO_ERROR_BAD_REQUEST,
		    refusal.field, "%s", refusal.detail);

	status = report_overview(analytics->report, &query->account_id,
	    PROTO_HAS(query, overview_query, api_key_id) ? &query->api_key_id
							 : NULL,
	    period, &kept, reply);
	if (status != DB_OK)
		return service_store_error(call, status);
	return PROTO_OK;
}

static int
handle_series(
    struct service_call *call, void *ctx, const void *request, void *reply)
{
	struct analytics *analytics = ctx;
	const struct series_query *query = request;
	const struct period_kept kept = retention_kept(
	    analytics->retention, clock_now_ms());
	struct period_refusal refusal;
	enum interval interval = interval_AUTO;
	enum period_grain grain;
	enum db_status status;
	struct period period;

	if (PROTO_HAS(query, series_query, interval))
		interval = (enum interval)query->interval;
	if (period_read(&period,
		PROTO_HAS(query, series_query, from) ? &query->from : NULL,
		PROTO_HAS(query, series_query, to) ? &query->to : NULL,
		clock_now_ms(), &refusal) == -1 ||
	    period_choose(period, interval, &kept, &grain, &refusal) == -1)
		return service_fail(call, PROTO_ERROR_BAD_REQUEST,
		    refusal.field, "%s", refusal.detail);

	status = report_series(analytics->report, &query->account_id,
	    PROTO_HAS(query, series_query, api_key_id) ? &query->api_key_id
						       : NULL,
	    period, grain, reply);
	if (status != DB_OK)
		return service_store_error(call, status);
	return PROTO_OK;
}

int
analytics_tick(void *ctx)
{
	const struct analytics *analytics = ctx;
	bool more = false;

	if (retention_tick(analytics->retention, clock_now_ms(), &more) !=
	    DB_OK)
		return PROTO_ERROR_INTERNAL;
	return more ? SERVICE_MORE : PROTO_OK;
}

const struct uuid *
analytics_costly(enum proto_message message, const void *request)
{
	if (message == MSG_OVERVIEW)
		return &((const struct overview_query *)request)->account_id;
	if (message == MSG_TIMESERIES)
		return &((const struct series_query *)request)->account_id;
	return NULL;
}

const struct service_route analytics_routes[] = {
	{ MSG_EVENTS_OPEN, handle_open },
	{ MSG_EVENTS_APPEND, handle_append },
	{ MSG_OVERVIEW, handle_overview },
	{ MSG_TIMESERIES, handle_series },
};

const size_t analytics_routes_count = sizeof(analytics_routes) /
    sizeof(analytics_routes[0]);
