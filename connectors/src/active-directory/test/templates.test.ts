import type { Resource } from '@gatehouse/connector-kit';
import { expect, test } from 'vitest';
import { openBench } from './bench.ts';
import { publicKeyServices, wholeDomain } from './whole-domain.ts';

const agent = '1.3.6.1.4.1.311.20.2.1';
const user = `CN=User,CN=Certificate Templates,${publicKeyServices}`;

/** What the template User says with these attributes besides. */
const read = async (attributes: Readonly<Record<string, string[]>>): Promise<unknown> => {
  const directory = wholeDomain();
  directory.change(user, attributes);
  await using bench = await openBench(directory);
  await bench.run(['certificate-templates']);
  const templates = [...bench.store.records('certificate-templates').values()] as unknown as Resource[];
  return templates.find(({ name }) => name === 'User')?.attributes;
};

test.each<readonly [string, boolean, Readonly<Record<string, string[]>>]>([
  ['in one value', true, { 'msPKI-RA-Application-Policies': [agent] }],
  [
    'in the text of fields of version 4',
    true,
    {
      'msPKI-RA-Application-Policies': [
        `msPKI-Asymmetric-Algorithm\`PZPWSTR\`RSA\`msPKI-RA-Application-Policies\`PZPWSTR\`1.2.3,${agent}\`msPKI-Key-Usage\`DWORD\`2\``,
      ],
    },
  ],
  ['for another purpose', false, { 'msPKI-RA-Application-Policies': ['1.3.6.1.5.5.7.3.3'] }],
  ['under a policy besides', false, { 'msPKI-RA-Application-Policies': [agent], 'msPKI-RA-Policies': ['1.2.3.4'] }],
])('a template takes the signature of an agent where it asks for that %s', async (_, takesAgents, attributes) => {
  expect(await read(attributes)).toMatchObject({ takesAgents });
});
