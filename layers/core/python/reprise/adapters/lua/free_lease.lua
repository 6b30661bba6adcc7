-- ARGV: playback. Answers {playback, lease, age} where it had a screen, else {}.
local mine = taken(KEYS[1])[ARGV[1]]
redis.call('HDEL', KEYS[1], ARGV[1])
return mine and listed({ [ARGV[1]] = mine }, server_ms()) or {}
