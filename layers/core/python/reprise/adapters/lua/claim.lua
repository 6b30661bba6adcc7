-- Leases up to a number of a bucket's items: first those whose lease ran out, then the dirty ones,
-- oldest first. KEYS: dirty, claimed. ARGV: lease (µs), limit, dirty before (µs or '+inf').
-- Answers the members; `freeze` then fetches each.
local now = server_us()
local leased_until, limit = us(now + tonumber(ARGV[1])), tonumber(ARGV[2])
local members = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', us(now), 'LIMIT', 0, limit)
local fresh = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, limit - #members)
for _, member in ipairs(fresh) do
  redis.call('ZREM', KEYS[1], member)
  members[#members + 1] = member
end
for _, member in ipairs(members) do redis.call('ZADD', KEYS[2], leased_until, member) end
return members
