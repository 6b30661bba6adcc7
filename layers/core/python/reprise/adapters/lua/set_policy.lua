-- Gives a session another policy, where it is live as this profile. KEYS: session.
-- ARGV: profile, policy.
if redis.call('HGET', KEYS[1], 'profile') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'policy', ARGV[2])
return 1
