import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collecting, startCollector } from '../testing/collector.ts';
import { type TestInsights, testInsights } from '../testing/test-insights.ts';

const bundle = 'console.log("a collector");\n';
let folder: string;
let host: TestInsights;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
  await writeFile(join(folder, 'collector.mjs'), bundle);
  await writeFile(join(folder, 'NOTICE.txt'), 'Apache-2.0\n');
  host = await testInsights({ ...collecting, collectorRelease: folder });
});
afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('a collector gets a manifest that only the key of its registration signs, and the files that it names', async () => {
  const tenantId = await host.tenant('Release');
  const { collector, hello, key } = await startCollector(host.operator, tenantId);
  expect(hello.body.offers).toBe('0.1.0');
  const { releaseKey } = (await collector.register(key)).body;
  const { body } = await collector.ask('GET', '/api/collector/release', null);
  const x = Buffer.from(releaseKey, 'base64').toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signature = Buffer.from(body.signature, 'base64');
  expect(verify(null, Buffer.from(body.manifest), publicKey, signature)).toBe(true);
  expect(verify(null, Buffer.from(`${body.manifest} `), publicKey, signature)).toBe(false);
  const manifest = JSON.parse(body.manifest);
  expect(manifest).toMatchObject({ version: '0.1.0', files: [{ name: 'collector.mjs' }, { name: 'NOTICE.txt' }] });
  const [program] = manifest.files;
  const file = await collector.ask('GET', '/api/collector/release/collector.mjs', null);
  expect(file.text).toBe(bundle);
  expect(createHash('sha256').update(file.text).digest('hex')).toBe(program?.sha256);
  for (const name of ['other.mjs', '..%2Finsights.key', '%2Fetc%2Fpasswd']) {
    const path = `/api/collector/release/${name}`;
    expect((await collector.ask('GET', path, null)).status, name).toBe(404);
  }
  const { mode } = await stat(join(host.home, 'insights.release.pem'));
  expect(mode & 0o777).toBe(0o600);
});

test('the same file is there for people to download again, and for nobody else', async () => {
  const tenantId = await host.tenant('Download');
  const { connectionId } = await startCollector(host.operator, tenantId);
  const path = `/api/tenants/${tenantId}/connections/${connectionId}/collector`;
  const answer = await host.operator.get(`${path}/installer`);
  expect([answer.status, answer.text]).toEqual([200, bundle]);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="collector.mjs"');
  expect((await host.operator.get(path)).body.installer).toEqual({ file: 'collector.mjs', bytes: bundle.length });
  const stranger = await fetch(new URL(`${path}/installer`, host.url));
  expect(stranger.status).toBe(401);
});

test('a collector that stays behind the offered version for an hour is a caveat', async () => {
  const tenantId = await host.tenant('Behind');
  const { collector, connectionId } = await startCollector(host.operator, tenantId);
  const caveats = async () =>
    (await host.operator.get(`/api/tenants/${tenantId}/connections/${connectionId}`)).body.caveats;
  await collector.hello({ version: '0.0.9' });
  expect(await caveats()).toEqual([]);
  await host.database.tenant(tenantId, (tx) =>
    sql`update collectors set behind_since = now() - interval '61 minutes'`.execute(tx),
  );
  await collector.hello({ version: '0.0.9' });
  expect(await caveats()).toMatchObject([{ code: 'old-version', advice: expect.stringContaining('0.0.9') }]);
  await collector.hello({ version: '0.1.0' });
  expect(await caveats()).toEqual([]);
});

test('a folder without the program stops the start with a sentence that names the flag', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
  await expect(host.another({ collectorRelease: empty })).rejects.toThrow('--collector-release');
  await expect(host.another({ collectorRelease: join(empty, 'missing') })).rejects.toThrow('--collector-release');
  await rm(empty, { recursive: true, force: true });
});
