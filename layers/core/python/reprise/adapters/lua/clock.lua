#!lua flags=allow-oom
-- Prelude of the flusher's scripts. The server's clock alone decides about leases. Microseconds
-- never pass through tostring or cjson, which print 14 digits. They run in a full Redis too: to flush
-- is what makes room.
local function us(n) return string.format('%.0f', n) end
local function server_us()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end
