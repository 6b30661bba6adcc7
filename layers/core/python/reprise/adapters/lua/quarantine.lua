-- Sets a poison item aside, unless it changed since: the new state may be sound and stays dirty.
-- KEYS: place, dirty, claimed, quarantined. ARGV: member, version ('' for any).
-- Answers 1 where it was set aside.
local held = redis.call('ZREM', KEYS[3], ARGV[1]) + redis.call('ZREM', KEYS[2], ARGV[1])
if held == 0 then return 0 end
local now = us(server_us())
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 'v') ~= ARGV[2] then
  redis.call('ZADD', KEYS[2], redis.call('HGET', KEYS[1], 'since') or now, ARGV[1])
  return 0
end
redis.call('ZADD', KEYS[4], now, ARGV[1])
return 1
