-- ARGV: playback, lease as JSON, limit, lease (ms), playback to free first or ''.
-- Answers {1}, or {0, playback, lease, …} with who holds the screens.
local now = server_ms()
local leases, count = alive(KEYS[1], now)
if ARGV[5] ~= '' and ARGV[5] ~= ARGV[1] and leases[ARGV[5]] then
  redis.call('HDEL', KEYS[1], ARGV[5])
  leases[ARGV[5]], count = nil, count - 1
end
local lease = cjson.decode(ARGV[2])
local mine = leases[ARGV[1]]
if mine then lease.since = mine.since
elseif count >= tonumber(ARGV[3]) then return { 0, unpack(listed(leases)) } end
hold(KEYS[1], ARGV[1], lease, now, tonumber(ARGV[4]))
return { 1 }
