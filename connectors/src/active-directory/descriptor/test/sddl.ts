/**
 * The facts of a text in the security descriptor definition language (MS-DTYP 2.5.1) as Samba writes it without knowing
 * a domain: a second reading of a descriptor, to compare ours with. Only what Samba writes of a DACL is understood.
 */
export const parseSddl = (text: string) => {
  const [, owner = '', group = '', flags = '', entries = ''] =
    /^O:(\S+?)G:(\S+?)D:([A-Z]*)((?:\([^)]*\))*)$/.exec(text) ?? [];
  return {
    ...{ owner: sidOf(owner), group: sidOf(group) },
    dacl: {
      flags: [
        ...(flags.includes('P') ? ['PD'] : []),
        ...(flags.includes('AR') ? ['DC'] : []),
        ...(flags.includes('AI') ? ['DI'] : []),
      ],
      entries: [...entries.matchAll(/\(([^)]*)\)/g)].map(([, fields = '']) => {
        const [type = '', entryFlags = '', rights = '', objectType = '', inheritedObjectType = '', trustee = ''] =
          fields.split(';');
        return {
          ...{ typeNumber: types.get(type), flagBits: bitsOf(entryFlags, flagBits), mask: maskOf(rights) },
          ...{
            objectType: objectType || null,
            inheritedObjectType: inheritedObjectType || null,
            trustee: sidOf(trustee),
          },
        };
      }),
    },
  };
};

const maskOf = (text: string) => (text.startsWith('0x') ? Number(text) : bitsOf(text, rights));

/** Unknown letters are not a number, which is equal to nothing. */
const bitsOf = (text: string, letters: ReadonlyMap<string, number>) =>
  (text.match(/../g) ?? []).reduce((sum, two) => sum + (letters.get(two) ?? Number.NaN), 0);

const sidOf = (text: string) => (text.startsWith('S-') ? text : sids.get(text));

const types = new Map([
  ['A', 0],
  ['D', 1],
  ['OA', 5],
  ['OD', 6],
]);
const flagBits = new Map([
  ['OI', 1],
  ['CI', 2],
  ['NP', 4],
  ['IO', 8],
  ['ID', 16],
]);
const rights = new Map([
  ...([
    ['CC', 1],
    ['DC', 2],
    ['LC', 4],
    ['SW', 8],
    ['RP', 16],
    ['WP', 32],
    ['DT', 64],
    ['LO', 128],
    ['CR', 256],
  ] as const),
  ...([
    ['SD', 0x1_0000],
    ['RC', 0x2_0000],
    ['WD', 0x4_0000],
    ['WO', 0x8_0000],
  ] as const),
  ...([
    ['GA', 0x1000_0000],
    ['GX', 0x2000_0000],
    ['GW', 0x4000_0000],
    ['GR', 0x8000_0000],
  ] as const),
]);
const sids = new Map([
  ['WD', 'S-1-1-0'],
  ['CO', 'S-1-3-0'],
  ['CG', 'S-1-3-1'],
  ['OW', 'S-1-3-4'],
  ['NU', 'S-1-5-2'],
  ['IU', 'S-1-5-4'],
  ['SU', 'S-1-5-6'],
  ['AN', 'S-1-5-7'],
  ['ED', 'S-1-5-9'],
  ['PS', 'S-1-5-10'],
  ['AU', 'S-1-5-11'],
  ['RC', 'S-1-5-12'],
  ['SY', 'S-1-5-18'],
  ['LS', 'S-1-5-19'],
  ['NS', 'S-1-5-20'],
  ['BA', 'S-1-5-32-544'],
  ['BU', 'S-1-5-32-545'],
  ['BG', 'S-1-5-32-546'],
  ['PU', 'S-1-5-32-547'],
  ['AO', 'S-1-5-32-548'],
  ['SO', 'S-1-5-32-549'],
  ['PO', 'S-1-5-32-550'],
  ['BO', 'S-1-5-32-551'],
  ['RE', 'S-1-5-32-552'],
  ['RU', 'S-1-5-32-554'],
  ['RD', 'S-1-5-32-555'],
  ['NO', 'S-1-5-32-556'],
]);
