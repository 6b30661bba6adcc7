-- Proves a session and answers its policy. KEYS: session, rate. ARGV: one JSON document.
local a = cjson.decode(ARGV[1])
local session, answer = pass_gate(KEYS[1], KEYS[2], a.who)
if not session then return answer end
return { head(session, 'ok'), session.policy }
