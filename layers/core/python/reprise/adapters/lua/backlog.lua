-- What a bucket has to flush. KEYS: dirty, claimed. ARGV: dirty before (µs or '+inf').
-- Answers {dirty items, items whose lease ran out, µs of the oldest}.
local now = us(server_us())
local dirty = redis.call('ZCOUNT', KEYS[1], '-inf', ARGV[1])
local expired = redis.call('ZCOUNT', KEYS[2], '-inf', now)
local oldest = now
local function look(key)
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if tonumber(first) < tonumber(oldest) then oldest = first end
end
if dirty > 0 then look(KEYS[1]) end
if expired > 0 then look(KEYS[2]) end
return { dirty, expired, oldest }
