-- ARGV: playback, lease (ms). Answers 1 where it held a screen still.
local now = server_ms()
local mine = alive(KEYS[1], now)[ARGV[1]]
if not mine then return 0 end
hold(KEYS[1], ARGV[1], mine, now, tonumber(ARGV[2]))
return 1
