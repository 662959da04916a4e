// Runs everything there is to run and closes with one line that counts it: `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startDebianPostgres } from '../../packages/database/src/testing/debian.ts';
import { checks } from '../checks/all.ts';
import { type Part, parts } from './parts.ts';

const root = join(import.meta.dirname, '../..');
const inCi = process.env.CI === 'true' || process.env.CI === '1';
const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
const tally = { passed: 0, failed: 0, skipped: 0 };
const reasons: string[] = [];

const missing = (part: Part, why: string) => {
  if (inCi) tally.failed += 1;
  else tally.skipped += 1;
  reasons.push(`${inCi ? 'missing' : 'skipped'}: ${part.gives}: ${why}`);
};

/** Hundreds of processes load the same sources: what one compiled, the next ones take from here. */
const compiled = { NODE_COMPILE_CACHE: join(scratch, 'compiled') };

const run = (command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...compiled, ...env } });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });

const bin = (name: string) => join(root, 'node_modules/.bin', name);

/** One Vitest run; its own report is counted, and a run that ends badly without a failed test counts as one failure. */
const vitest = async (title: string, args: readonly string[], env: Record<string, string> = {}) => {
  console.log(`\n── ${title}`);
  const report = join(scratch, `${title.replaceAll(/\W+/g, '-')}.json`);
  const code = await run(
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    env,
  );
  try {
    const counted: Report = JSON.parse(readFileSync(report, 'utf8'));
    tally.passed += counted.numPassedTests;
    tally.failed += counted.numFailedTests;
    tally.skipped += counted.numPendingTests + counted.numTodoTests;
    if (code !== 0 && counted.numFailedTests === 0) {
      tally.failed += 1;
      reasons.push(`failed: ${title} ended with ${code} though no test failed`);
    }
    for (const file of counted.testResults) {
      const tests = file.assertionResults;
      if (file.status === 'failed' && tests.every(({ status }) => status !== 'failed'))
        reasons.push(`failed: ${relative(root, file.name)}: ${file.message}`);
      for (const { status, fullName, failureMessages } of tests) {
        if (status === 'pending' || status === 'skipped') reasons.push(`skipped: ${fullName}`);
        if (status === 'failed')
          reasons.push(
            `failed: ${relative(root, file.name)}: ${fullName}\n${failureMessages.join('\n').slice(0, 4000)}`,
          );
      }
    }
  } catch {
    tally.failed += 1;
    reasons.push(`failed: ${title} left no report`);
  }
};

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

try {
  const have = new Map<string, string>();
  for (const part of parts) {
    const found = await part.find(inCi);
    if (found.path === null) missing(part, found.why);
    else have.set(part.id, found.path);
  }

  console.log('── checks');
  for (const check of checks) {
    const problems = await check.find();
    console.log(`${problems.length === 0 ? '✓' : '✗'} ${check.name}: ${check.promise}`);
    for (const problem of problems.slice(0, 100)) console.log(`    ${problem}`);
    if (problems.length === 0) tally.passed += 1;
    else tally.failed += 1;
  }

  console.log('\n── pages');
  const pagesAreBuilt = (await run(process.execPath, [join(root, 'scripts/build-pages.ts')])) === 0;
  if (pagesAreBuilt) tally.passed += 1;
  else {
    tally.failed += 1;
    reasons.push('failed: the pages do not build');
  }

  const chromium = have.get('chromium');
  await vitest(
    'all tests, embedded PostgreSQL',
    [
      ...(chromium === undefined ? ['--exclude', '**/*.browser.test.ts', '--exclude', '**/*.browser.vnc.test.ts'] : []),
      ...(have.has('samba') ? [] : ['--exclude', '**/*.samba.test.ts']),
      ...(have.has('mariadb') ? [] : ['--exclude', '**/*.mariadb.test.ts']),
      ...(have.has('vnc') ? [] : ['--exclude', '**/*.vnc.test.ts']),
      ...(have.has('xmllint') ? [] : ['--exclude', '**/*.xml.test.ts']),
      ...(have.has('rdp') ? [] : ['--exclude', '**/*.rdp.test.ts']),
      ...(have.has('openssh') ? [] : ['--exclude', '**/*.ssh.test.ts']),
    ],
    {
      ...(chromium !== undefined && { GATEHOUSE_CHROMIUM: chromium }),
      // Tests of pages need not build them once more.
      ...(pagesAreBuilt && { GATEHOUSE_TEST_PAGES_ARE_BUILT: 'true' }),
    },
  );

  const debian = have.get('postgres');
  if (debian !== undefined) {
    const server = await startDebianPostgres();
    try {
      await vitest(`database tests, ${server.version}`, ['.database.test.ts'], {
        GATEHOUSE_TEST_DATABASE_URL: server.url,
      });
    } finally {
      await server.stop();
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

for (const reason of reasons) console.log(reason);
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed === 0 ? 0 : 1;
