import { outputs } from '../generate/all.ts';
import { read } from './tree.ts';

/** Generated files that differ from what their generator writes now. */
export const generated = async (): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const { path, text } of await outputs()) {
    let current = '';
    try {
      current = read(path);
    } catch {
      problems.push(`${path} is missing; run npm run gen`);
      continue;
    }
    if (current !== text) problems.push(`${path} is not what its generator writes; run npm run gen`);
  }
  return problems;
};
