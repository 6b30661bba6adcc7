-- Prelude of the scripts about an account's screens. KEYS: the account's leases, a hash of playback
-- to lease: JSON with what the caller gave and `at`, when it was taken last (ms, by the server's clock
-- alone). What can't be read holds no screen. Who is still alive the caller knows: playbacks say it in
-- their profiles' slots, so no script here can ask.
local function server_ms()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
local function whole(lease)
  return type(lease) == 'table' and type(lease.device) == 'table' and #lease.device == 3
    and type(lease.title) == 'string' and type(lease.since) == 'number'
    and type(lease.profile) == 'string' and type(lease.at) == 'number'
end
-- Returns the leases by playback, and how many; drops what can't be read.
local function taken(key)
  local found, count, flat = {}, 0, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    local readable, lease = pcall(cjson.decode, flat[i + 1])
    if readable and whole(lease) then
      found[flat[i]], count = lease, count + 1
    else
      redis.call('HDEL', key, flat[i])
    end
  end
  return found, count
end
-- Flattens to {playback, lease, its age in ms, …}.
local function listed(leases, now)
  local flat = {}
  for playback, lease in pairs(leases) do
    flat[#flat + 1] = playback
    flat[#flat + 1] = cjson.encode(lease)
    flat[#flat + 1] = now - lease.at
  end
  return flat
end
