// Runs a CloudFront function on one event for each URI, with a key value store of what it is told.
import { readFileSync } from 'node:fs';

const IMPORT = "import cf from 'cloudfront';\n";
const told = JSON.parse(process.argv[2]);
const source = readFileSync(told.source, 'utf8');
if (!source.startsWith(IMPORT)) {
  throw new Error('the runtime wants the import of its module in the first line');
}

const logged = [];
const exists = async (key) => {
  if (told.broken) {
    throw new Error('InternalError');
  }
  return told.revoked.includes(key);
};
const make = new Function('cf', 'console', `'use strict';${source.slice(IMPORT.length)}
return handler;`);
const handler = make({ kvs: () => ({ exists }) }, { log: (line) => logged.push(line) });

const answers = [];
for (const uri of told.uris) {
  const request = { method: 'GET', uri, querystring: {}, headers: { host: { value: 'h' } }, cookies: {} };
  const context = { eventType: 'viewer-request' };
  answers.push(await handler({ version: '1.0', context, viewer: { ip: '192.0.2.1' }, request }));
}
console.log(JSON.stringify({ answers, logged }));
