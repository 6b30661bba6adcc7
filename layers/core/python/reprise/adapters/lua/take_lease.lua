-- ARGV: playback, lease as JSON, limit, ms to keep the account's leases, playback to free first or '',
-- then {playback, `at`} of each lease that was found dead: one that was taken again since is not.
-- Answers {1}, or {0, playback, lease, age, …} with who holds the screens.
local key, now = KEYS[1], server_ms()
local leases, count = taken(key)
local function drop(playback)
  redis.call('HDEL', key, playback)
  leases[playback], count = nil, count - 1
end
if ARGV[5] ~= '' and ARGV[5] ~= ARGV[1] and leases[ARGV[5]] then drop(ARGV[5]) end
for i = 6, #ARGV, 2 do
  local dead = leases[ARGV[i]]
  if dead and dead.at == tonumber(ARGV[i + 1]) then drop(ARGV[i]) end
end
local lease, mine = cjson.decode(ARGV[2]), leases[ARGV[1]]
if mine then lease.since = mine.since
elseif count >= tonumber(ARGV[3]) then return { 0, unpack(listed(leases, now)) } end
lease.at = now
redis.call('HSET', key, ARGV[1], cjson.encode(lease))
redis.call('PEXPIRE', key, ARGV[4])
return { 1 }
