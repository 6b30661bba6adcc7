-- Makes a quarantined item dirty again, with all its attempts before it.
-- KEYS: place, dirty, claimed, quarantined. ARGV: member. Answers 1 where there was one.
-- What is no hash stays where it is.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then return 0 end
if redis.call('ZREM', KEYS[4], ARGV[1]) == 0 or kind == 'none' then return 0 end
redis.call('HDEL', KEYS[1], 'att')
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) then
  local now = us(server_us())
  if redis.call('ZADD', KEYS[2], 'NX', now, ARGV[1]) == 1 then
    redis.call('HSET', KEYS[1], 'since', now)
  end
end
return 1
