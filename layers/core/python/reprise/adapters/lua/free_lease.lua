-- ARGV: playback. Answers {playback, lease} where it held a screen, else {}.
local mine = alive(KEYS[1], server_ms())[ARGV[1]]
redis.call('HDEL', KEYS[1], ARGV[1])
return mine and { ARGV[1], cjson.encode(mine) } or {}
