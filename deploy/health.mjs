// Whether the server of this machine lives: ends with 0, or with 1. BULKHEAD_HEALTH says where it is asked. Nothing is
// decided by the answer but that, and it never leaves the machine, so that the certificate need not be for its name.
import { request as plain } from 'node:http';
import { request as tls } from 'node:https';

const url = new URL(process.env.BULKHEAD_HEALTH ?? 'https://127.0.0.1:8440/healthz');
const ask = url.protocol === 'https:' ? tls : plain;
const asked = ask(url, { rejectUnauthorized: false, timeout: 4000 }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1);
});
asked.on('timeout', () => process.exit(1));
asked.on('error', () => process.exit(1));
asked.end();
