import { runProgram, startOptions } from '@gatehouse/server';
import { readSettings } from './settings.ts';
import { startSite } from './start.ts';

await runProgram(() => startSite(startOptions('site', readSettings(process.argv.slice(2), process.env))));
