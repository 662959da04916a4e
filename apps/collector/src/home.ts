import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a collector keeps everything: as it was said, else by `GATEHOUSE_COLLECTOR_HOME`, else where such things are kept here. */
export const homeOf = (given: string | undefined, environment: NodeJS.ProcessEnv): string => {
  const said = given ?? environment.GATEHOUSE_COLLECTOR_HOME;
  if (said !== undefined && said !== '') return resolve(said);
  if (process.platform === 'win32') return join(environment.ProgramData ?? 'C:\\ProgramData', 'Gatehouse', 'Collector');
  return process.getuid?.() === 0 ? '/var/lib/gatehouse-collector' : join(homedir(), '.gatehouse-collector');
};
