-- Takes note that a version is durable. KEYS: place, dirty, claimed, live, quarantined.
-- ARGV: member, item, version, batch, how long the place stays live (ms).
-- Answers 1 where the item is clean now; 0 where something was stored since and it stays dirty, or
-- where another flusher has acknowledged this outbox already.
local member, version = ARGV[1], ARGV[3]
local state = redis.call('HMGET', KEYS[1], 'v', 'batch', 'out')
if state[2] ~= ARGV[4] then return 0 end
local clean = state[1] == version and (not state[3] or state[3] == '' or state[3] == '[]')
local gone = { 'bout', 'batch', 'att' }
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(name, 1, 2) == 'd:' then
    local updated = clean and version or cjson.decode(redis.call('HGET', KEYS[1], name))[5]
    if tonumber(updated) <= tonumber(version) then gone[#gone + 1] = name end
  end
end
redis.call('HDEL', KEYS[1], unpack(gone))
redis.call('ZREM', KEYS[3], member)
if clean then
  redis.call('HDEL', KEYS[1], 'prov', 'lr', 'since')
  redis.call('ZREM', KEYS[2], member)
  redis.call('ZREM', KEYS[5], member)
  redis.call('SREM', KEYS[4], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  return 1
end
local now = us(server_us())
if redis.call('ZADD', KEYS[2], 'NX', now, member) == 1 then
  redis.call('HSET', KEYS[1], 'since', now)
end
return 0
