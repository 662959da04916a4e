import { readSettings, runProgram, startOptions } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startSite } from './start.ts';

await runProgram(() => startSite(startOptions('site', readSettings(Settings, process.argv.slice(2), process.env))));
