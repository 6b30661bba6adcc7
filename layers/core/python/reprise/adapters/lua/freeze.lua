-- Fetches a claimed item and freezes its outbox under the version it has now, so that every attempt
-- publishes the same event. One that another flusher acknowledged since the claim is left alone: to
-- freeze it again would give its version's name to a second outbox. A mark without state is dropped.
-- KEYS: place, claimed, live. ARGV: member, item.
-- Answers the hash, an empty one where it is not claimed any more, nil where its state is gone, the
-- type alone of what is no hash.
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return {} end
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('SREM', KEYS[3], ARGV[2])
  return false
end
if kind ~= 'hash' then return { 'type', kind } end
local state = redis.call('HMGET', KEYS[1], 'bout', 'out', 'v')
if not state[1] then
  redis.call('HDEL', KEYS[1], 'ni')
  redis.call('HSET', KEYS[1], 'bout', state[2] or '[]', 'batch', state[3] or '', 'out', '[]')
end
return redis.call('HGETALL', KEYS[1])
