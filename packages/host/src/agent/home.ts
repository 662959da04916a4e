import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Agent, unitOf, variableOf } from './agent.ts';

/** Where an agent keeps everything: as it was said, else by its variable, else where such things are kept here. */
export const homeOf = (agent: Agent, given: string | undefined, environment: NodeJS.ProcessEnv): string => {
  const said = given ?? environment[variableOf(agent, 'home')];
  if (said !== undefined && said !== '') return resolve(said);
  if (process.platform === 'win32') return join(environment.ProgramData ?? 'C:\\ProgramData', 'Gatehouse', agent.title);
  return process.getuid?.() === 0 ? `/var/lib/${unitOf(agent)}` : join(homedir(), `.${unitOf(agent)}`);
};
