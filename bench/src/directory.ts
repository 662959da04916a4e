import { accessAttributes, accessControls } from '@gatehouse/connectors/active-directory/access';
import { type Domain, noSamba, startDomain } from '../../test/servers/samba/domain.ts';
import { ldapModify, ldapSearch, ldapSearchIntoNothing, type Question } from '../../test/servers/samba/ldap-tools.ts';
import { peopleCount } from '../../test/servers/samba/seed/seed.ts';
import { startReader } from './children.ts';
import type { DirectoryRead } from './directory-worker.ts';
import { type Figure, median } from './figure.ts';

interface Round {
  readonly first: DirectoryRead;
  readonly unchanged: DirectoryRead;
  readonly changed: DirectoryRead;
  readonly floorMs: number;
}

/**
 * Who may do what to whom in a real domain (Samba) over LDAPS: the connector's own read, against OpenLDAP's client that
 * reads the same attributes of the same objects, with the same controls, size of pages and check of the certificate,
 * into nothing.
 *
 * Ours is what a run does in a new process: connection, sign-in, names of the schema, groups, windows, pages, and every
 * descriptor made into grants. Theirs is its process from start to end. Nearly all people of the domain have one
 * descriptor, as in a directory where rights are given to whole units; how many differ is said.
 */
export const measureDirectory = async (
  plan: { readonly count: number; readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  const reason = noSamba();
  if (reason !== null) {
    say(`directory: left out, ${reason}`);
    return [];
  }
  const size = plan.count < peopleCount.large ? 'small' : 'large';
  say(`directory: starting the ${size} domain${size === 'large' ? ', which takes minutes when it is made' : ''}`);
  await using domain = await startDomain({ size });
  const objects = await countObjects(domain, say);
  const rounds: Round[] = [];
  // A first round that is not counted warms the controller up.
  for (let round = 0; round <= plan.rounds; round++) {
    const one = await measureRound(domain, objects);
    say(`directory: ${round === 0 ? 'warm-up' : `round ${round}`}: ${spoken(one)}`);
    if (round > 0) rounds.push(one);
  }
  return figures(objects, rounds);
};

/** With the attribute that the connector finds objects by: the few whose number may not be read are read by neither. */
const question: Question = { ...accessControls, attributes: accessAttributes, filter: '(uSNChanged>=1)' };

/** Of objects whose descriptor the reader may see, by the other client. */
const countObjects = async (domain: Domain, say: (text: string) => void): Promise<number> => {
  const records = await ldapSearch(domain, domain.reader, question);
  const descriptors = records.flatMap((record) => record.get('nTSecurityDescriptor') ?? []);
  const different = new Set(descriptors.map((bytes) => bytes.toString('latin1'))).size;
  say(`directory: ${inEnglish(descriptors.length)} objects, ${inEnglish(different)} different descriptors`);
  return descriptors.length;
};

const measureRound = async (domain: Domain, objects: number): Promise<Round> => {
  const { userPrincipalName: bindName, password } = domain.reader;
  const task = { controllers: `ldaps://${domain.address}`, bindName, password, certificateAuthorities: domain.ca };
  const reader = startReader();
  try {
    const first = await reader.read(task);
    const floorMs = await timeLdapSearch(domain);
    const unchanged = await reader.read(task);
    const line = `changetype: modify\nreplace: description\ndescription: at ${Date.now()}`;
    await ldapModify(domain, domain.administrator, `dn: ${domain.plainReader.dn}\n${line}\n-\n\n`);
    const changed = await reader.read(task);
    if (first.objects !== objects || unchanged.objects !== 0 || changed.objects !== 1)
      throw new Error(`Expected ${objects}, no and one object: ${JSON.stringify({ first, unchanged, changed })}`);
    return { first, unchanged, changed, floorMs };
  } finally {
    reader.stop();
  }
};

const timeLdapSearch = async (domain: Domain): Promise<number> => {
  const started = performance.now();
  await ldapSearchIntoNothing(domain, domain.reader, question);
  return performance.now() - started;
};

const inEnglish = (count: number) => new Intl.NumberFormat('en').format(count);

const spoken = ({ first, unchanged, changed, floorMs }: Round) =>
  `first ${Math.round(first.ms)} ms and ${inEnglish(first.records)} grants (ldapsearch ${Math.round(floorMs)} ms), ` +
  `unchanged ${Math.round(unchanged.ms)} ms, one change ${Math.round(changed.ms)} ms`;

const figures = (objects: number, rounds: readonly Round[]): readonly Figure[] => {
  const what = `${inEnglish(objects)} objects with descriptors over LDAPS`;
  return [
    {
      ...{ name: `first read of ${what}`, ours: median(rounds.map(({ first }) => first.ms)), unit: 'ms', limit: null },
      floor: {
        name: 'ldapsearch reading the same into nothing',
        value: median(rounds.map(({ floorMs }) => floorMs)),
        atMost: 1.3,
      },
    },
    {
      ...{ name: `unchanged incremental read of ${what}`, ours: median(rounds.map(({ unchanged }) => unchanged.ms)) },
      ...{ unit: 'ms', floor: null, limit: 2_000 },
    },
    {
      ...{ name: `incremental read of ${what}, one changed`, ours: median(rounds.map(({ changed }) => changed.ms)) },
      ...{ unit: 'ms', floor: null, limit: 2_000 },
    },
  ];
};
