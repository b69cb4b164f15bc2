// The server itself, killed while revisions are published: started again it serves the last one that was acknowledged, or
// the one under way, whole, under the tag that it had.
import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeFolder, start } from '../../cli/program.ts';

const vm = (id: string, tier: string, address: string) => ({
  ...{ id, kind: 'vm', labels: { tier } },
  interfaces: [{ addresses: [address] }],
});

/** The n-th revision: web may talk to db on port 5000 + n, in one file, and n is said in another. */
const publishOf = (n: number) => ({
  ...{ format: 'bulkhead.publish/1', message: `revision ${n}` },
  files: [
    {
      path: 'main.seg',
      text: `language 1
tiers { application default drop }
label tier in { web, db }
policy shop in application {
  allow store: (workloads where tier == web) -> (workloads where tier == db) on tcp/${5000 + n}
}
`,
    },
    { path: `n${n}.seg`, text: `language 1\n// ${'x'.repeat((n * 997) % 5000)}\n` },
  ],
  inventory: { workloads: [vm('web-01', 'web', '10.0.1.1'), vm('db-01', 'db', '10.0.2.2')] },
});

/** Starts `bulkhead serve` on the folder; resolves with its address. */
async function serve(cwd: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = start(['serve', '--listen', '127.0.0.1:0', '-q'], { cwd });
  let [out, problem] = ['', ''];
  child.stderr?.on('data', (part: Buffer) => {
    problem += part.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (part: Buffer) => {
      out += part.toString();
      const found = /serving on (\S+)\n/.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(`it did not start: ${problem}`)));
  });
  return { child, url };
}

const asJson = { 'content-type': 'application/json', 'if-match': '*' };

async function allows(url: string, port: number): Promise<boolean> {
  const body = JSON.stringify({ source: 'web-01', destination: 'db-01', protocol: 'tcp', destinationPort: port });
  const reply = await fetch(`${url}/v1/decisions`, { method: 'POST', headers: asJson, body });
  return ((await reply.json()) as { verdict: string }).verdict === 'allow';
}

it('killed 20 times while it publishes', { timeout: 300_000 }, async () => {
  const cwd = makeFolder({});
  let [n, acknowledged] = [0, 0];
  let etag: string | null = null;
  const found = { old: 0, new: 0 };
  for (let time = 0; time < 20; time++) {
    const { child, url } = await serve(cwd);
    if (acknowledged > 0) {
      const reply = await fetch(`${url}/v1/policies`);
      expect(reply.status).toBe(200);
      const document = await reply.text();
      const isNew = document.includes(`n${n}.seg`);
      const is = isNew ? n : acknowledged;
      expect(document).toContain(`n${is}.seg`);
      // One revision, not parts of two; and what was acknowledged has the tag that it had.
      expect(await allows(url, 5000 + is)).toBe(true);
      for (const other of [is - 1, is + 1]) expect(await allows(url, 5000 + other)).toBe(false);
      if (is === acknowledged && etag !== null) expect(reply.headers.get('etag')).toBe(etag);
      found[isNew && n !== acknowledged ? 'new' : 'old']++;
      acknowledged = is;
    }
    const closed = new Promise((resolve) => child.once('close', resolve));
    let isDoomed = false;
    for (;;) {
      n = acknowledged + 1;
      const body = JSON.stringify(publishOf(n));
      const reply = await fetch(`${url}/v1/policies`, { method: 'PUT', headers: asJson, body }).catch(() => null);
      if (reply === null) break;
      expect([reply.status, await reply.clone().text()]).toEqual([200, expect.any(String)]);
      acknowledged = n;
      if (!isDoomed) setTimeout(() => child.kill('SIGKILL'), (time * 37) % 240);
      isDoomed = true;
      etag = await fetch(`${url}/v1/policies`)
        .then((answer) => answer.headers.get('etag'))
        .catch(() => null);
      if (etag === null) break;
    }
    await closed;
  }
  console.log(`killed 20 times up to revision ${n}: ${found.old} as acknowledged, ${found.new} as under way`);
  expect(n).toBeGreaterThan(20);
});
