-- Prelude of the scripts about an account's screens. KEYS: the account's leases, a hash of playback
-- to lease: JSON with what the caller gave and `expires` (ms, by the server's clock alone).
-- What can't be read holds no screen.
local function server_ms()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
local function whole(lease)
  return type(lease) == 'table' and type(lease.device) == 'table' and #lease.device == 3
    and type(lease.title) == 'string' and type(lease.since) == 'number'
    and type(lease.expires) == 'number'
end
-- Returns the leases that are alive, by playback, and how many; drops the rest.
local function alive(key, now)
  local found, count, flat = {}, 0, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    local readable, lease = pcall(cjson.decode, flat[i + 1])
    if readable and whole(lease) and lease.expires > now then
      found[flat[i]], count = lease, count + 1
    else
      redis.call('HDEL', key, flat[i])
    end
  end
  return found, count
end
local function hold(key, playback, lease, now, lease_ms)
  lease.expires = now + lease_ms
  redis.call('HSET', key, playback, cjson.encode(lease))
  redis.call('PEXPIRE', key, lease_ms)
end
local function listed(leases)
  local flat = {}
  for playback, lease in pairs(leases) do
    flat[#flat + 1] = playback
    flat[#flat + 1] = cjson.encode(lease)
  end
  return flat
end
