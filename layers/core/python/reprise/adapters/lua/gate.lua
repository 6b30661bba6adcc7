-- The gate in front of every viewer's script: the session is live, is this account's and profile's,
-- has not sent too much. Returns the session's device and policy, or nil and what to answer. A
-- session that lacks a field proves nothing.
local function pass_gate(session_key, rate_key, who)
  local s = redis.call('HMGET', session_key, 'account', 'profile', 'policy', 'deviceId',
    'deviceType', 'deviceName')
  if s[1] ~= who.account or s[2] ~= who.profile then return nil, { 'session' } end
  for i = 1, 6 do
    if not s[i] then return nil, { 'session' } end
  end
  if who.cost > 0 then
    local sent = redis.call('INCRBY', rate_key, who.cost)
    if sent == who.cost then redis.call('PEXPIRE', rate_key, 60000) end
    if sent > who.limit then return nil, { 'rate', redis.call('PTTL', rate_key) } end
  end
  return { policy = s[3], device = { id = s[4], type = s[5], name = s[6] } }
end
