-- Sends the requests of a file in their order: the first ones once, then the others over and over.
-- wrk URL -s wrk.lua -- FILE, where FILE returns {first = {...}, again = {...}}.
local first, again, sent

function init(arguments)
  local given = dofile(arguments[1])
  first, again = given.first, given.again
  sent = -1
end

function request()
  sent = sent + 1
  -- wrk asks for one request before it connects, and throws it away.
  if sent == 0 then return again[1] end
  if sent <= #first then return first[sent] end
  return again[(sent - #first - 1) % #again + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"refused":%d,"lost":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
