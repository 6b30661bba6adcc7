-- The gate in front of every viewer's script: the session is live, is this account's and profile's,
-- has not sent too much. Returns the session's device and policy with the head of an answer, or nil
-- and what to answer. Every answer behind the gate begins with a head: {kind, what the session sent
-- in its window of a minute, ms until that ends}, the last two only where this request counted. A
-- session that lacks a field proves nothing.
local RATE_WINDOW_MS = 60000
local function head(session, kind) return { kind, session.sent, session.left } end
local function pass_gate(session_key, rate_key, who)
  local s = redis.call('HMGET', session_key, 'account', 'profile', 'policy', 'deviceId',
    'deviceType', 'deviceName')
  if s[1] ~= who.account or s[2] ~= who.profile then return nil, { { 'session' } } end
  for i = 1, 6 do
    if not s[i] then return nil, { { 'session' } } end
  end
  local session = { policy = s[3], device = { id = s[4], type = s[5], name = s[6] } }
  if who.cost > 0 then
    session.sent = redis.call('INCRBY', rate_key, who.cost)
    session.left = redis.call('PTTL', rate_key)
    if session.left < 0 then
      session.left = RATE_WINDOW_MS
      redis.call('PEXPIRE', rate_key, RATE_WINDOW_MS)
    end
    if session.sent > who.limit then return nil, { head(session, 'rate') } end
  end
  return session
end
