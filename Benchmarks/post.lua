-- wrk posts one message again and again; the environment says which, and with which headers (a line "name: value" each).
local function read(name)
  local file = assert(io.open(os.getenv(name), "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

wrk.method = "POST"
wrk.body = read("CALL_BODY")
for name, value in read("CALL_HEADERS"):gmatch("([^:\n]+): ([^\n]*)\n") do wrk.headers[name] = value end

local wrong = 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function response(status)
  if status ~= 200 then wrong = wrong + 1 end
end

function done(summary)
  for _, thread in ipairs(threads) do wrong = wrong + (thread:get("wrong") or 0) end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "errors": %d, "not200": %d}\n', summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.timeout, wrong))
end
