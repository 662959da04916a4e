// `npm run check`: everything that is true of the code without running it. Prints one line per check.
import { performance } from 'node:perf_hooks';
import { type Check, checks } from './checks/all.ts';

const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const chosen = only.length > 0 ? checks.filter(({ name }) => only.includes(name)) : checks;

const run = async ({ name, promise, find }: Check): Promise<boolean> => {
  const begun = performance.now();
  const problems = await find();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name} (${seconds} s): ${promise}`);
  for (const problem of problems.slice(0, 200)) console.log(`    ${problem}`);
  if (problems.length > 200) console.log(`    … and ${problems.length - 200} more`);
  return problems.length === 0;
};

let failed = 0;
for (const check of chosen) if (!(await run(check))) failed += 1;
console.log(`\nchecks: ${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
