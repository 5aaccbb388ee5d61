-- SPDX-License-Identifier: GPL-2.0-or-later
-- For wrk. QUERIES: a file with a query a line; these are asked one after another. IDS: one with an id
-- of a document a line; then everything that visitors ask for, mixed. EACH: how often each connection
-- asks a second, at random moments.
local function encode(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end
local function lines(name)
  local list = {}
  for line in io.lines(os.getenv(name)) do list[#list + 1] = line end
  return list
end
local queries, ids, at = lines("QUERIES"), os.getenv("IDS") and lines("IDS"), 0
local function next_query()
  at = at % #queries + 1
  return encode(queries[at])
end
local function query() return encode(queries[math.random(#queries)]) end
local function id() return encode(ids[math.random(#ids)]) end
local paths = not ids and { function() return "/api/search?q=" .. next_query() end } or {
  function() return "/api/search?q=" .. query() end,
  function() return "/api/search?q=" .. query() .. "&limit=" .. math.random(50) .. "&sort=newest" end,
  function() return "/api/search?q=" .. query() .. "&group=3" end,
  function() return "/api/search?q=%22" .. query() .. "%22" end,
  function() return "/api/suggest?q=" .. queries[math.random(#queries)]:sub(1, 3):gsub("%W", "") end,
  function() return "/?q=" .. query() end,
  function() return "/api/passages/" .. id() .. "%231" end,
  function() return "/api/documents/" .. id() end,
  function() return "/d/" .. id() .. "?q=" .. query() end,
  function() return "/feed.atom?q=" .. query() end,
  function() return "/api/documents?limit=10" end,
  function() return "/" end,
  function() return "/health" end,
  function() return "/metrics" end,
}
function request()
  return wrk.format("GET", paths[math.random(#paths)]())
end
if os.getenv("EACH") then
  function delay()
    return -math.log(1 - math.random()) * 1000 / tonumber(os.getenv("EACH"))
  end
end
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("answers %d rate %.1f p99 %.2f ms failed %d (status %d, time %d)\n", summary.requests,
    summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000, failed, errors.status, errors.timeout))
end
