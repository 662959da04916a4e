// Builds the pages of every program that has some, and the programs of agents, where they are missing or older than their sources.
import { buildAgent, buildPages, programsWithPages } from '../apps/gatehouse/src/built.ts';

for (const program of programsWithPages()) await buildPages(console.log, program);
for (const name of ['collector', 'jump-client'] as const) await buildAgent(name);
