-- The measure that the others are shares of: one small fixed answer, GET
-- /healthz. Prints for tests/bench/run: seconds, requests, flows, p50 and p99 in
-- microseconds, how many answers were wrong or missing.

function done(summary, latency)
	local errors = summary.errors

	io.write(string.format("RESULT %.6f %d %d %d %d %d\n",
	    summary.duration / 1e6, summary.requests, summary.requests,
	    latency:percentile(50), latency:percentile(99),
	    errors.connect + errors.read + errors.write + errors.status +
	    errors.timeout))
end
