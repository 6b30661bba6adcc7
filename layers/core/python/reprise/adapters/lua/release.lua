-- Gives a claimed item back, dirty since when it was. KEYS: place, dirty, claimed.
-- ARGV: member, 1 to count a failed attempt. Answers 1 where it was claimed.
if redis.call('ZREM', KEYS[3], ARGV[1]) == 0 then return 0 end
local since = redis.call('HGET', KEYS[1], 'since')
if ARGV[2] == '1' and redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HINCRBY', KEYS[1], 'att', 1)
end
redis.call('ZADD', KEYS[2], since or us(server_us()), ARGV[1])
return 1
