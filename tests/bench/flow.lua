-- Makes wrk go through the flow:
--
--   BENCH_LIBRARY=... wrk -t1 ... -s flow.lua URL -- KEY STEPS
--
-- STEPS is 1 (create), 2 (and verify) or 3 (and siteverify). BENCH_LIBRARY
-- is what knows the flow: flow.c with the oracle, which gives the right answers.

local ffi = require("ffi")

ffi.cdef([[
void flow_init(const char *key, int steps);
const char *flow_request(size_t *len);
void flow_answer(int status, const char *body, size_t len);
long flow_count(void);
long flow_wrong(void);
]])

local len = ffi.new("size_t[1]")
local flow

function init(args)
	flow = ffi.load(os.getenv("BENCH_LIBRARY"))
	flow.flow_init(args[1], tonumber(args[2]))
	if args[2] == "1" then
		-- Always the same, and no answer has to be looked at.
		request, response = nil, nil
		wrk.method = "POST"
		wrk.path = "/api/v2/challenges"
		wrk.headers["X-API-Key"] = args[1]
		wrk.body = ""
	end
end

function request()
	return ffi.string(flow.flow_request(len), len[0])
end

function response(status, _, body)
	flow.flow_answer(status, body, #body)
end

-- One line for tests/bench/run; see fixed.lua. wrk calls this in another Lua
-- state than the above, but the library is the same.
function done(summary, latency)
	local library = ffi.load(os.getenv("BENCH_LIBRARY"))
	local errors = summary.errors
	local flows = tonumber(library.flow_count())

	-- Without response() nobody has counted: every answer is one.
	if flows == 0 and library.flow_wrong() == 0 then
		flows = summary.requests - errors.status
	end
	io.write(string.format("RESULT %.6f %d %d %d %d %d\n",
	    summary.duration / 1e6, summary.requests,
	    flows, latency:percentile(50),
	    latency:percentile(99), tonumber(library.flow_wrong()) +
	    errors.connect + errors.read + errors.write + errors.status +
	    errors.timeout))
	for name, count in pairs(errors) do
		if count > 0 then
			io.stderr:write(string.format(
			    "wrk counts %d errors of kind %s\n", count, name))
		end
	end
end
