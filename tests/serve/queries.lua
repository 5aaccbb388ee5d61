-- SPDX-License-Identifier: GPL-2.0-or-later
-- For wrk: the queries of the file named by QUERIES, one after another; each of its connections asks
-- EACH times a second where that is set, at random moments.
local queries, at = {}, 0
for line in io.lines(os.getenv("QUERIES")) do
  queries[#queries + 1] = "/api/search?q=" .. line:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end)
end
function request()
  at = at % #queries + 1
  return wrk.format("GET", queries[at])
end
if os.getenv("EACH") then
  function delay()
    return -math.log(1 - math.random()) * 1000 / tonumber(os.getenv("EACH"))
  end
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("rate %.1f p50 %.2f ms p99 %.2f ms failed %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
