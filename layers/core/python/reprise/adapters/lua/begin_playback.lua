-- Remembers a playback. KEYS: session, playback. ARGV: its id, what it plays, ms to remember it.
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'playback', ARGV[1]) end
return 1
