import cf from 'cloudfront';

// CloudFront Functions, runtime 2.0, on viewer requests of /media/*. CloudFront has proved the
// signature by then. It covers the segment behind /media/, which names whose grant it is and which
// no object has in its name: local/reprise_edge/holders.py says the same.
const HELD = /^\/media\/([A-Za-z0-9_-]{22})(\/.+)$/;
const revoked = cf.kvs();

async function handler(event) {
  const request = event.request;
  const held = HELD.exec(request.uri);
  if (held === null) {
    return refusal();
  }
  const gone = await isRevoked(held[1]);
  if (gone) {
    return refusal();
  }
  request.uri = '/media' + held[2];
  return request;
}

// A store that can't be read must not stop those who may watch.
async function isRevoked(holder) {
  try {
    return await revoked.exists(holder);
  } catch (error) {
    console.log('The store of revoked holders was not read: ' + error);
    return false;
  }
}

function refusal() {
  return {
    statusCode: 403,
    statusDescription: 'Forbidden',
    headers: {
      'content-type': { value: 'text/xml' },
      // A player on another host must be able to read why, and this answer never passed the cache,
      // behind which the policy of response headers adds it to all others.
      'access-control-allow-origin': { value: '*' },
    },
    body: {
      encoding: 'text',
      data:
        '<?xml version="1.0" encoding="UTF-8"?>' +
        '<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>',
    },
  };
}
