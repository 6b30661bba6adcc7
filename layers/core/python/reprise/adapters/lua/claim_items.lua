-- Leases these members where they are not durable, from another flusher too: a version-checked
-- acknowledgement makes two flushers of one item harmless, and a pause can't wait for a lease.
-- KEYS: dirty, claimed. ARGV: lease (µs), members. Answers the members that were leased.
local leased_until, members = us(server_us() + tonumber(ARGV[1])), {}
for i = 2, #ARGV do
  local member = ARGV[i]
  if redis.call('ZREM', KEYS[1], member) == 1 or redis.call('ZSCORE', KEYS[2], member) then
    redis.call('ZADD', KEYS[2], leased_until, member)
    members[#members + 1] = member
  end
end
return members
